//! The design system: what pages are made of. Components take plain values and draw them; they know no server function and
//! no domain type, and hold no state beyond their markup. `/design` shows each in every state.
//!
//! Two rules come from the Content-Security-Policy: no `style` attribute and no inline handler anywhere. What needs a script
//! carries a `data-` attribute and is picked up by `islands::Behaviours`.

pub mod attribute_form;
pub mod badge;
pub mod banner;
pub mod button;
pub mod chart;
pub mod code;
pub mod compare;
pub mod conflict;
pub mod dialog;
pub mod empty;
pub mod facets;
pub mod form;
pub mod hero;
pub mod icon;
pub mod key_values;
pub mod layout;
pub mod link_access;
pub mod live_region;
pub mod menu;
pub mod money;
pub mod new_project;
pub mod once_more;
pub mod optional_text;
pub mod pagination;
pub mod pattern;
pub mod person;
pub mod progress;
pub mod quote;
pub mod quote_box;
pub mod stat;
pub mod table;
pub mod tabs;
pub mod tile;
pub mod time;
pub mod timeline;
pub mod tone;

pub use self::{
    attribute_form::*, badge::*, banner::*, button::*, chart::*, code::*, compare::*, conflict::*, dialog::*,
    empty::*, facets::*, form::*, hero::*, icon::*, key_values::*, layout::*, link_access::*, live_region::*,
    menu::*, money::*, new_project::*, once_more::*, optional_text::*, pagination::*, pattern::*, person::*,
    progress::*, quote::*, quote_box::*, stat::*, table::*, tabs::*, tile::*, time::*, timeline::*, tone::*,
};
