//! A plain HTTP/1.1 client for loopback: one connection, kept alive, as little work as possible beside the server.

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One connection.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub(super) struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: Vec<u8>,
}

impl Connection {
    pub(super) async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    pub(super) async fn ask(&mut self, request: &str) -> Result<Answer> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let headers = String::from_utf8_lossy(self.buffer.get(..head).unwrap_or_default()).into_owned();
        let status = headers.get(9..12).and_then(|s| s.parse().ok()).context("no status line")?;
        let lower = headers.to_ascii_lowercase();
        let length = lower
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .and_then(|value| value.trim().parse::<usize>().ok());
        let body = match length {
            Some(length) => {
                while self.buffer.len() < head + length {
                    self.more().await?;
                }
                self.buffer.get(head..head + length).unwrap_or_default().to_vec()
            }
            None if lower.contains("transfer-encoding: chunked") => {
                while !self.buffer.ends_with(b"0\r\n\r\n") {
                    self.more().await?;
                }
                self.buffer.get(head..).unwrap_or_default().to_vec()
            }
            None => bail!("an answer without a length"),
        };
        Ok(Answer { status, headers, body })
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server hung up");
        }
        Ok(())
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
