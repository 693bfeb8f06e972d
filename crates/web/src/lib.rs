//! Pages: layout, components, forms, static files, guard
