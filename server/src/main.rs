//! The `stoa` binary. All of it is in the library beside this file, where tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::main()
}
