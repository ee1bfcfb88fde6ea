//! The frame around a page (top bar, sidebar, head) and the boxes inside it.

mod card;
mod centred;
mod frame;
mod logo;
mod nav;
mod page_header;
pub mod palette;
mod sidebar;
pub mod topbar;

pub use self::{card::*, centred::*, frame::*, logo::*, nav::*, page_header::*, sidebar::*};
