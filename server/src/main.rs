//! The `stoa` binary. All of it is in the library beside this file, where tests reach it.

use std::process::ExitCode;

/// Also for the database library's C code: many small pieces are made on one thread and dropped on another, which the
/// system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::main()
}
