mod addresses;
mod http;
mod letters;
