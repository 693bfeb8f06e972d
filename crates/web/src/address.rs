//! From where a request came.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, request::Parts},
};

/// The peer's address as the server saw it; what a trusted proxy tells was put there before. Never fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(pub String);

impl Address {
    /// From what the server put beside the request.
    pub fn of(extensions: &Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        Self(peer.map_or_else(|| "unknown".to_owned(), |info| info.0.ip().to_string()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}
