//! The program: everything lives in the library.

fn main() -> std::process::ExitCode {
    quarterdeck::cli::main()
}
