//! What pages tell the frame: where one can go from here, and who is looking.

use crate::address::{address, with};
use crate::components::{icon::Icon, link_access::can_open, tone::Tone};
use crate::form::FormFields;

/// A link in the sidebar, in tabs, in quick filters or in the person menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavLink {
    pub label: String,
    pub href: String,
    pub icon: Option<Icon>,
    pub count: Option<u32>,
    pub current: bool,
    /// After `g`, this key goes there.
    pub key: Option<&'static str>,
}

impl NavLink {
    pub fn to(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            ..Self::default()
        }
    }

    /// A filter of a list at `base`: what its address asks for already, with this value under this name.
    pub fn filter(
        label: impl Into<String>,
        (base, asked): (&str, &FormFields),
        (name, value): (&str, &str),
    ) -> Self {
        let href = address(base, &with(asked, name, value));
        Self::to(label, href).current(asked.text(name) == value)
    }

    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// A number beside the label; nothing is shown for zero.
    #[must_use]
    pub fn count(mut self, count: u32) -> Self {
        self.count = (count > 0).then_some(count);
        self
    }

    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }

    #[must_use]
    pub fn key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }
}

/// One area that the sidebar can show: the marketplace, an organization, a project, a provider, the staff's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SidebarContext {
    /// "Project", "Organization": said above the name.
    pub kind: String,
    pub label: String,
    pub href: String,
    pub icon: Icon,
    pub current: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SidebarSection {
    pub title: Option<String>,
    pub items: Vec<NavLink>,
}

impl SidebarSection {
    pub fn new(items: Vec<NavLink>) -> Self {
        Self { title: None, items }
    }

    pub fn titled(title: impl Into<String>, items: Vec<NavLink>) -> Self {
        Self {
            title: Some(title.into()),
            items,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sidebar {
    pub contexts: Vec<SidebarContext>,
    pub sections: Vec<SidebarSection>,
}

impl Sidebar {
    pub fn is_empty(&self) -> bool {
        self.contexts.is_empty() && self.sections.is_empty()
    }

    /// Without what does not open for who reads the page.
    #[must_use]
    pub fn only_permitted(mut self) -> Self {
        self.contexts
            .retain(|context| context.current || can_open(&context.href));
        for section in &mut self.sections {
            section.items.retain(|item| can_open(&item.href));
        }
        self.sections.retain(|section| !section.items.is_empty());
        self
    }

    /// Marks the link that leads to `path` or nearest above it, and no other.
    #[must_use]
    pub fn mark(mut self, path: &str) -> Self {
        let best = self
            .items()
            .filter(|item| leads_to(&item.href, path))
            .map(|item| item.href.len())
            .max();
        for item in self
            .sections
            .iter_mut()
            .flat_map(|section| section.items.iter_mut())
        {
            item.current = Some(item.href.len()) == best && leads_to(&item.href, path);
        }
        self
    }

    fn items(&self) -> impl Iterator<Item = &NavLink> {
        self.sections.iter().flat_map(|section| section.items.iter())
    }
}

/// `/orders` leads to `/orders/7` but not to `/orders-archive`.
fn leads_to(href: &str, path: &str) -> bool {
    // The start page is above everything, and so would be marked on every page that has no link of its own.
    if href == "/" {
        return path == "/";
    }
    path.strip_prefix(href)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '&']) || href.ends_with('/'))
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FramePerson {
    pub name: String,
    pub email: String,
    /// Where they act for at the moment; said under the e-mail address.
    pub organization: String,
    pub links: Vec<NavLink>,
}

/// An announcement by the staff, under the top bar of every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameNotice {
    pub tone: Tone,
    pub text: String,
    pub href: Option<String>,
}

/// What became of the last form that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
}

impl Flash {
    pub fn good(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Good,
            text: text.into(),
        }
    }

    pub fn bad(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Bad,
            text: text.into(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrameData {
    /// Nobody is signed in when absent.
    pub person: Option<FramePerson>,
    /// How many approvals wait for this person.
    pub waiting: u32,
    /// How many notices this person has not read; 100 stands for 100 or more.
    pub unread: u32,
    /// What stands in the search field.
    pub query: String,
    pub sidebar: Sidebar,
    pub notices: Vec<FrameNotice>,
    pub flashes: Vec<Flash>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sidebar() -> Sidebar {
        let items = vec![
            NavLink::to("Overview", "/p/1"),
            NavLink::to("Orders", "/p/1/orders"),
            NavLink::to("Ores", "/p/1/ore"),
        ];
        Sidebar {
            contexts: vec![],
            sections: vec![SidebarSection::new(items)],
        }
    }

    fn marked(path: &str) -> Vec<String> {
        sidebar()
            .mark(path)
            .items()
            .filter(|item| item.current)
            .map(|item| item.label.clone())
            .collect()
    }

    #[test]
    fn the_nearest_link_above_a_page_is_marked() {
        assert_eq!(marked("/p/1/orders/7"), ["Orders"]);
        assert_eq!(marked("/p/1/members"), ["Overview"]);
        assert_eq!(marked("/p/1/orders"), ["Orders"]);
    }

    #[test]
    fn a_page_elsewhere_marks_nothing() {
        assert!(marked("/p/12").is_empty());
    }
}
