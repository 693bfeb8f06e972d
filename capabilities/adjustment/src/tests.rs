mod deciding;
mod golden;
mod matrix;
mod support;
mod trial;
