//! Content-addressed evidence files
