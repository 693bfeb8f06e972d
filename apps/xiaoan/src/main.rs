//! Xiaoan 校安: the one binary.

fn main() -> std::process::ExitCode {
    xiaoan::cli::run()
}
