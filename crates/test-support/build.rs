//! Compiles what is preloaded into a program whose calls are counted; see `native/calls.c`.

fn main() {
    println!("cargo::rerun-if-changed=native/calls.c");
    #[expect(clippy::disallowed_methods, reason = "Cargo says there where to write")]
    let folder = std::env::var("OUT_DIR").unwrap_or_default();
    let library = format!("{folder}/calls.so");
    let mut compiler = cc::Build::new().get_compiler().to_command();
    compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-o", &library, "native/calls.c"]);
    let built = compiler.status().is_ok_and(|status| status.success());
    // Elsewhere than on Linux there is nothing to preload; the tests that count say so by failing.
    if !built {
        println!("cargo::warning=native/calls.c did not compile: tests that count calls will fail");
    }
    println!("cargo::rustc-env=XIAOAN_CALLS_LIBRARY={library}");
}
