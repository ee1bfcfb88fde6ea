//! The `stoa` binary. All of it is in the library beside this file, where tests reach it.

use std::process::ExitCode;

/// Many small pieces are made on one thread and dropped on another, which the system's allocator is slow at. Only for our
/// own code: taking over the C library's as well ends in a crash under `faketime`, which the browser tests run it with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::main()
}
