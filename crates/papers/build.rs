//! Turns the texts of `locales` into functions.

fn main() -> Result<(), language_build::BuildError> {
    language_build::generate_here()
}
