//! The program on the machine's allocator: of its own, valgrind sees no call.

fn main() -> std::process::ExitCode {
    quarterdeck::cli::main()
}
