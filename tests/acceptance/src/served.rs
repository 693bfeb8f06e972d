//! The product, for the browser to look at.

fn main() -> std::process::ExitCode {
    xiaoan::cli::run()
}
