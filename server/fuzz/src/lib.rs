//! What must hold whatever bytes the parsers of outside input are given.
//!
//! Owns one function for each parser: it takes bytes, has them parsed, and panics where a promise is broken. The programs in
//! `targets` are what cargo-fuzz drives them with; an ordinary test replays every input in `corpus`, so that what was found
//! once stays found. Must not know databases, HTTP or how anything is computed. Start reading at `TARGETS`.

mod cursors;
mod forms;
mod markdown;
mod prices;
mod schemas;
mod slurm;

pub use self::{
    cursors::cursors, forms::forms, markdown::markdown, prices::prices, schemas::schemas, slurm::slurm,
};

/// A parser with what must hold of it.
pub type Target = fn(&[u8]);

/// Every parser by the name of its program and of its folder in `corpus`.
pub const TARGETS: [(&str, Target); 6] = [
    ("forms", forms),
    ("schemas", schemas),
    ("prices", prices),
    ("cursors", cursors),
    ("slurm", slurm),
    ("markdown", markdown),
];
