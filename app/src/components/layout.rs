//! The frame around a page (top bar, rail, head) and the boxes inside it.

mod card;
mod centred;
mod frame;
mod head;
mod mark;
mod nav;
pub mod palette;
mod rail;
pub mod topbar;

pub use self::{card::*, centred::*, frame::*, head::*, mark::*, nav::*, rail::*};
