//! Build step: Fluent texts become typed functions
