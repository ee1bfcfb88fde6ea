//! The portal as people without scripts use it: every link that a page shows, every form that it draws.

mod actions;
mod again;
mod approval_rules;
mod archived;
mod correcting;
mod crawl;
mod deciding;
mod links;
mod markup;
mod notices;
mod offered;
mod own_actions;
mod posting;
mod prices_to_come;
mod providing;
mod reporting;
mod roles;
mod settings;
mod stale_prices;
mod switching;
mod tabs;
mod terms;
mod told;
mod versions;
mod webhooks;
mod worded;
