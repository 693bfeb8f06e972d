//! Pages and posts per second over HTTP, sessions and scopes on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use access::{NewSession, SessionKind, SessionStage, open_session, operate};
use anyhow::{Result, anyhow, bail};
use kernel::{ActorId, Clock, SystemClock};

use super::{Figure, Latencies, Plan, Report, client::Connection, county::County, resident::pss_mb};
use crate::{
    platform::Platform,
    router::{desk, router},
    serve,
    settings::Settings,
};

/// Connections at the same time.
const CONNECTIONS: usize = 64;
/// How long after the load the memory is looked at again.
const SETTLED: Duration = Duration::from_secs(60);

pub(super) fn measure(
    platform: &Platform,
    settings: &Settings,
    county: &County,
    plan: &Plan,
    report: &mut Report,
    say: &dyn Fn(&str),
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let office = session(platform, county.office)?;
    let officers: Vec<(String, String)> = county
        .schools
        .iter()
        .take(CONNECTIONS)
        .map(|school| Ok((session(platform, school.officer)?, school.unit.0.to_string())))
        .collect::<Result<_>>()?;
    let router = router(platform, settings, desk(platform, settings));
    runtime.block_on(async {
        let listener = serve::listen("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let server = tokio::spawn(serve::serve(listener, router, None, settings.connections));
        let time = Duration::from_secs(plan.seconds);
        let (rate, mut latencies, bytes) = pages(&address, (&office, CONNECTIONS), "/hazards", time).await?;
        report.add(
            Figure::new("full list page of 50 rows as the county", rate, "1/s")
                .floor(3_000.0, true)
                .aim(8_000.0),
        );
        report.add(Figure::new("  p95", latencies.at(95), "ms"));
        report.add(Figure::new("  bytes, not compressed", bytes as f64, "B"));
        say(&format!("{rate:.0} list pages/s as the county"));
        let first = officers.first().ok_or_else(|| anyhow!("no school"))?;
        let (rate, _, _) = pages(&address, (&first.0, CONNECTIONS), "/hazards", time).await?;
        report.add(Figure::new("  as one school", rate, "1/s").floor(3_000.0, true).aim(8_000.0));
        cockpit(&address, &office, time, report).await?;
        let (rate, mut latencies) = posts(&address, &officers, time).await?;
        report.add(
            Figure::new("durable POST over HTTP, 64 connections", rate, "1/s")
                .floor(2_000.0, true)
                .aim(4_000.0),
        );
        report.add(Figure::new("  p99", latencies.at(99), "ms"));
        report.add(
            Figure::new("memory (PSS) during the load, load generator included", pss_mb(), "MB")
                .floor(300.0, false)
                .aim(200.0),
        );
        say(&format!("{rate:.0} durable posts/s"));
        tokio::time::sleep(SETTLED).await;
        report.add(
            Figure::new("memory (PSS) 60 s after the load", pss_mb(), "MB").floor(80.0, false).aim(50.0),
        );
        server.abort();
        Ok(())
    })
}

/// The cockpit as a past day ended, page by page as one person opens it; as it stands now it is measured with the queries.
async fn cockpit(address: &str, office: &str, time: Duration, report: &mut Report) -> Result<()> {
    let past = SystemClock.now().plus_ms(-30 * kernel::Timestamp::DAY_MS).local_date();
    let (_, mut latencies, _) = pages(address, (office, 1), &format!("/cockpit?as-of={past}"), time).await?;
    let name = "cockpit as of a day a month ago, one asker at a time, p95";
    report.add(Figure::new(name, latencies.at(95), "ms").floor(50.0, false).aim(20.0));
    Ok(())
}

/// A session as signing in opens one.
fn session(platform: &Platform, account: ActorId) -> Result<String> {
    let new = NewSession {
        account,
        kind: SessionKind::Ordinary,
        stage: SessionStage::Full,
        second_factor: true,
        agent: "bench".to_owned(),
        address: String::new(),
    };
    let (ids, now) = (Arc::clone(&platform.ids), SystemClock.now());
    let token =
        operate(&platform.handle, move |tx| open_session(tx, &ids, &new, now)).map_err(|e| anyhow!("{e}"))?;
    Ok(token.as_cookie().to_owned())
}

fn get(path: &str, session: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {}={session}\r\n\r\n", web::SESSION_COOKIE)
}

/// Pages a second, how long each took, and the bytes of one, with so many connections that ask at the same time.
async fn pages(
    address: &str,
    (session, connections): (&str, usize),
    path: &str,
    time: Duration,
) -> Result<(f64, Latencies, usize)> {
    let started = Instant::now();
    let request = get(path, session);
    let bytes = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..connections)
        .map(|_| {
            let (address, request, bytes) = (address.to_owned(), request.clone(), Arc::clone(&bytes));
            tokio::spawn(async move {
                let mut connection = Connection::open(&address).await?;
                let mut latencies = Latencies::default();
                while started.elapsed() < time {
                    let asked = Instant::now();
                    let answer = connection.ask(&request).await?;
                    if answer.status != 200 {
                        bail!("a page answered {}", answer.status);
                    }
                    bytes.store(answer.body.len(), Ordering::Relaxed);
                    latencies.note(asked);
                }
                Ok(latencies)
            })
        })
        .collect();
    let mut all = Latencies::default();
    for task in tasks {
        all.join(task.await??);
    }
    Ok((all.count() as f64 / started.elapsed().as_secs_f64(), all, bytes.load(Ordering::Relaxed)))
}

/// A registration; each says something else, or the platform would ask whether it is meant twice.
fn registration(session: &str, csrf: &str, unit: &str, number: usize) -> String {
    let body = format!(
        "_csrf={csrf}&category=H09&unit={unit}&source=self&description=%E9%97%A8%E9%94%81%E6%8D%9F%E5%9D%8F{number}"
    );
    format!(
        "POST /hazards HTTP/1.1\r\nHost: bench\r\nSec-Fetch-Site: same-origin\r\nCookie: {}={session}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        web::SESSION_COOKIE,
        body.len()
    )
}

/// Every connection is a safety officer who registers hazards by the form.
async fn posts(address: &str, officers: &[(String, String)], time: Duration) -> Result<(f64, Latencies)> {
    let started = Instant::now();
    let tasks: Vec<_> = officers
        .iter()
        .cloned()
        .map(|(session, unit)| {
            let address = address.to_owned();
            tokio::spawn(async move {
                let mut connection = Connection::open(&address).await?;
                let form = connection.ask(&get("/hazards/new?category=H09", &session)).await?;
                let csrf = value(&form.body, "_csrf")?;
                let request = |number: usize| registration(&session, &csrf, &unit, number);
                let mut latencies = Latencies::default();
                while started.elapsed() < time {
                    let asked = Instant::now();
                    let answer = connection.ask(&request(latencies.count())).await?;
                    if answer.status != 303 {
                        bail!("a post answered {}: {}", answer.status, answer.headers);
                    }
                    latencies.note(asked);
                }
                Ok(latencies)
            })
        })
        .collect();
    let mut all = Latencies::default();
    for task in tasks {
        all.join(task.await??);
    }
    Ok((all.count() as f64 / started.elapsed().as_secs_f64(), all))
}

/// The value of a hidden field.
fn value(page: &[u8], field: &str) -> Result<String> {
    let page = String::from_utf8_lossy(page);
    let at =
        page.find(&format!("name=\"{field}\" value=\"")).ok_or_else(|| anyhow!("the form has no {field}"))?;
    let rest = page.get(at + field.len() + 15..).unwrap_or_default();
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}
