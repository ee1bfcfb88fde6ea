//! What is done with resources beside orders: who may ask for it, what that sets off, what becomes of it.

mod asking;
mod at_once;
mod by_hand;
mod carrying_out;
mod choices;
mod listing;
mod own_actions;
mod parts;
mod reconciling;
mod repeating;
mod scene;
mod secrets;
mod told;
mod verifying;
mod who;
