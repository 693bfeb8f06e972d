//! Xiaoan 校安: the one binary.

/// The database's C code allocates with it too; with the system's own a fifth of the writer's time went there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    xiaoan::cli::run()
}
