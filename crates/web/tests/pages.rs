//! The whole router in process: pages, headers, forms, problems.

#[cfg(test)]
mod tests {
    use std::io::Read;

    use askama::Template;
    use axum::{
        Router,
        body::{Body, to_bytes},
        http::{Request, Response, StatusCode, header},
        routing::{get, post},
    };
    use kernel::{FieldProblem, Problem, Refusal, Staleness};
    use language::Lang;
    use tower::ServiceExt;
    use web::{
        Face, Failed, FormData, FormLimits, FormState, Prefs, Sentences, Shell, assemble, asset,
        gallery::Gallery, page, see_other_saying,
    };

    const XSS: &str = "<script>alert('x')</script>\" onfocus=\"alert(1)";

    fn prefs(lang: Lang) -> Prefs {
        Prefs {
            lang,
            large: false,
            type_chosen: false,
            path: "/gallery".into(),
            sent: false,
            json: false,
            flash: None,
        }
    }

    fn app() -> Router {
        let problems = |problem: Problem| get(async move || Result::<(), Failed>::Err(Failed(problem)));
        let invalid = vec![FieldProblem { field: "title", refusal: Refusal::new("field-required") }];
        let routes = Router::new()
            .route("/gallery", get(async |prefs: Prefs| page(&Gallery::sample(&prefs, XSS))))
            .route("/missing", problems(Problem::NotFound))
            .route("/forbidden", problems(Problem::Forbidden))
            .route("/refused", problems(Refusal::new("nobody-knows-me").into()))
            .route("/invalid", problems(Problem::Invalid(invalid)))
            .route("/stale", problems(Problem::Stale(Staleness { seen: 1, current: 2 })))
            .route("/busy", problems(Problem::Limit("WRITER_QUEUE")))
            .route("/limit", problems(Problem::Limit("photo_bytes")))
            .route("/fault", problems(Problem::Fault("disk /dev/secret is full".into())))
            .route("/api/fault", problems(Problem::Fault("disk /dev/secret is full".into())))
            .route("/say", post(async || see_other_saying("/gallery", &web::Flash::done("成了<b>"))))
            .route(
                "/form",
                post(async |form: FormData| format!("{:?} {}", form.value("a"), form.files("p").count())),
            );
        assemble(routes, Face { tls: true, ..Face::default() })
    }

    async fn send(request: Request<Body>) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
        let response: Response<Body> = app().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
    }

    async fn read(path: &str, headers: &[(&str, &str)]) -> (StatusCode, axum::http::HeaderMap, String) {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (status, headers, body) = send(request.body(Body::empty()).unwrap()).await;
        (status, headers, String::from_utf8(body).unwrap())
    }

    #[test]
    fn both_languages_and_nothing_typed_unescaped() {
        for lang in Lang::ALL {
            let html = Gallery::sample(&prefs(lang), XSS).render().unwrap();
            assert!(html.contains(&format!("<html lang=\"{lang}\"")));
            assert!(!html.contains("<script>alert"), "{lang}");
            assert!(!html.contains("\" onfocus"), "{lang}");
            assert!(!html.contains("style=\"") && !html.contains("onclick"), "inline style or script");
            assert!(html.contains("aria-describedby=\"title-hint title-error\""));
            assert!(html.contains("<a href=\"#title\">"));
            for never in ["规则包", "节点", "日志账", "rule pack", "journal"] {
                assert!(!html.contains(never), "{never}");
            }
        }
    }

    #[test]
    fn every_id_is_there_once_and_every_label_finds_its_field() {
        let html = Gallery::sample(&prefs(Lang::ZhCn), "x").render().unwrap();
        let all = |mark: &str| -> Vec<String> {
            html.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
        };
        let ids = all(" id=\"");
        for id in &ids {
            assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{id}");
        }
        for target in all(" for=\"").into_iter().chain(all("aria-describedby=\"")) {
            for id in target.split(' ') {
                assert!(ids.iter().any(|other| other == id), "{id}");
            }
        }
    }

    #[tokio::test]
    async fn pages_keep_to_themselves() {
        let (status, headers, _) = read("/gallery", &[]).await;
        assert_eq!(status, StatusCode::OK);
        let csp = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(csp.starts_with("default-src 'none'") && !csp.contains("unsafe"), "{csp}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        let (status, headers, body) = read("/nowhere", &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(!body.contains("not-found"), "a page that says it in words needs no code: {body}");
        assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY));
    }

    #[tokio::test]
    async fn the_first_page_is_small() {
        let mut total = 0;
        let assets = ["xiaoan.css", "app.js", "form.js", "photo.js", "copy.js", "list.js", "session.js"];
        let mut paths: Vec<String> = assets.iter().map(|name| asset(name)).collect();
        paths.extend([asset("icons.svg"), asset("mark.svg"), "/gallery".to_owned()]);
        for path in paths {
            let request = Request::get(&path).header("accept-encoding", "gzip").body(Body::empty()).unwrap();
            let (status, headers, body) = send(request).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(headers[header::CONTENT_ENCODING], "gzip", "{path}");
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(&body[..]).read_to_end(&mut plain).unwrap();
            assert!(plain.len() > body.len(), "{path}");
            if path.starts_with("/static") {
                assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
            }
            total += body.len();
        }
        assert!(total <= 60 * 1024, "{total}");
    }

    #[tokio::test]
    async fn assets_have_their_types_and_old_addresses_still_answer() {
        let (_, headers, body) = read(&asset("app.js"), &[]).await;
        assert_eq!(headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert!(body.contains("import("));
        let (status, headers, _) = read("/static/0ld/xiaoan.css", &[]).await;
        assert_eq!((status, headers[header::CACHE_CONTROL].to_str().unwrap()), (StatusCode::OK, "no-cache"));
        assert_eq!(read("/static/0/..%2fCargo.toml", &[]).await.0, StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn every_problem_has_its_status_and_a_sentence_in_both_languages() {
        for (path, status, zh, en) in [
            ("/missing", 404, "没有找到这个页面", "Page not found"),
            ("/forbidden", 403, "您的岗位没有这项权限", "Your post does not include"),
            ("/refused", 422, "nobody-knows-me", "nobody-knows-me"),
            ("/invalid", 422, "请填写这一项", "Fill in this field."),
            ("/stale", 409, "有人更新了这条记录", "Somebody updated this record"),
            ("/busy", 503, "您的内容没有提交", "Wait a few seconds"),
            ("/limit", 413, "有照片超过", "A photo is larger than"),
            ("/fault", 500, "这不是您的问题", "It is not your doing"),
        ] {
            let (code, headers, body) = read(path, &[]).await;
            assert_eq!(code.as_u16(), status, "{path}");
            assert!(body.contains(zh), "{path}: {body}");
            assert!(!body.contains("secret"));
            assert_eq!(headers.contains_key(header::RETRY_AFTER), status == 503);
            let (_, _, body) = read(path, &[("cookie", "a=b; lang=en")]).await;
            assert!(body.contains(en), "{path}: {body}");
        }
    }

    #[tokio::test]
    async fn programs_get_json() {
        let (status, headers, body) = read("/api/fault", &[]).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert!(!body.contains("secret"), "{body}");
        let (_, _, body) =
            read("/invalid", &[("accept", "application/json"), ("accept-language", "en")]).await;
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["status"], 422);
        assert_eq!(body["errors"][0]["field"], "title");
        assert_eq!(body["errors"][0]["detail"], "Fill in this field.");
    }

    #[tokio::test]
    async fn a_sentence_is_said_once() {
        let request = Request::post("/say").body(Body::empty()).unwrap();
        let (status, headers, _) = send(request).await;
        assert_eq!(
            (status, headers[header::LOCATION].to_str().unwrap()),
            (StatusCode::SEE_OTHER, "/gallery")
        );
        let cookie = headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let (_, headers, _) = read("/gallery", &[("cookie", &cookie)]).await;
        assert!(headers[header::SET_COOKIE].to_str().unwrap().starts_with("flash=;"));
        let uri = "/gallery".parse().unwrap();
        let mut sent = axum::http::HeaderMap::new();
        sent.insert("cookie", cookie.parse().unwrap());
        assert_eq!(
            Prefs::read(&axum::http::Method::GET, &sent, &uri).flash,
            Some(web::Flash::done("成了<b>"))
        );
    }

    #[tokio::test]
    async fn the_switches_set_cookies_and_stay_here() {
        let request = |back: &str| {
            Request::post("/preferences")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(format!("back={back}&lang=en&large=1")))
                .unwrap()
        };
        let (status, headers, _) = send(request("/hazards?x=1")).await;
        assert_eq!(
            (status, headers[header::LOCATION].to_str().unwrap()),
            (StatusCode::SEE_OTHER, "/hazards?x=1")
        );
        let cookies: Vec<&str> =
            headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
        assert!(cookies[0].starts_with("lang=en;") && cookies[1].starts_with("large=1;"), "{cookies:?}");
        assert!(cookies[0].contains("; Secure"));
        assert_eq!(send(request("//evil.cn")).await.1[header::LOCATION], "/");
    }

    #[tokio::test]
    async fn other_sites_cannot_post() {
        let request =
            Request::post("/form").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
        let (status, _, body) = send(request).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(String::from_utf8(body).unwrap().contains("其他网站"));
    }

    fn multipart(parts: &[(&str, Option<&str>, &[u8])]) -> Request<Body> {
        let mut body = Vec::new();
        for (name, file, bytes) in parts {
            body.extend_from_slice(
                format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"").as_bytes(),
            );
            if let Some(file) = file {
                body.extend_from_slice(
                    format!("; filename=\"{file}\"\r\nContent-Type: image/jpeg").as_bytes(),
                );
            }
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--X--\r\n");
        Request::post("/form")
            .header("content-type", "multipart/form-data; boundary=X")
            .body(Body::from(body))
            .unwrap()
    }

    #[tokio::test]
    async fn multipart_keeps_its_limits() {
        let limits = FormLimits { form_bytes: 100, file_bytes: 40, files: 2, on_the_form: false };
        let read =
            async |parts: &[(&str, Option<&str>, &[u8])]| FormData::read(multipart(parts), limits).await;
        let form =
            read(&[("a", None, b"\xe7\x81\xab"), ("p", Some("x/y.jpg"), b"12"), ("p", Some(""), b"")]).await;
        let form = form.unwrap();
        assert_eq!(form.value("a"), Some("火"));
        let file = form.files("p").next().unwrap();
        assert_eq!((file.file_name.as_str(), file.bytes.as_slice()), ("y.jpg", &b"12"[..]));
        assert_eq!(form.files("p").count(), 1, "an empty control is no file");
        let photo = ("p", Some("a.jpg"), &[0_u8; 30][..]);
        assert_eq!(read(&[photo, photo, photo]).await, Err(Problem::Limit("photos_per_act")));
        assert_eq!(read(&[("p", Some("a.jpg"), &[0; 41])]).await, Err(Problem::Limit("photo_bytes")));
        let big = ("p", Some("a.jpg"), &[0_u8; 39][..]);
        assert_eq!(read(&[("a", None, &[b'x'; 70]), big]).await, Err(Problem::Limit("form_bytes")));
        assert_eq!(read(&[("a", None, &[0xff])]).await, Err(Refusal::new("form-broken").into()));
        let (status, _, body) = send(multipart(&[("a", None, b"1"), ("p", Some("a.jpg"), b"12")])).await;
        assert_eq!((status, body.as_slice()), (StatusCode::OK, &b"Some(\"1\") 1"[..]));
        let many: Vec<_> = (0..=2 * 9).map(|_| ("p", Some("a.jpg"), &b"1"[..])).collect();
        let (status, ..) = send(multipart(&many)).await;
        assert_eq!(status, StatusCode::OK, "a form may say itself what is wrong with its photos");
    }

    #[tokio::test]
    async fn a_file_that_is_left_out_takes_no_words_with_it() {
        let limits = FormLimits { form_bytes: 100, file_bytes: 20, files: 2, on_the_form: true };
        let read =
            async |parts: &[(&str, Option<&str>, &[u8])]| FormData::read(multipart(parts), limits).await;
        let small = ("p", Some("a.jpg"), &[1_u8; 10][..]);
        let words = ("a", None, "火".as_bytes());
        let mut form = read(&[small, small, small, words]).await.unwrap();
        assert_eq!(form.value("a"), Some("火"), "what comes behind is read");
        let files = form.take_files();
        assert_eq!(files.iter().map(|file| file.bytes.len()).collect::<Vec<_>>(), [10, 10, 0]);
        let told = FormData::left_out(&files).unwrap_err();
        assert_eq!(told, Refusal::new("form-photos-many").with("most", 2).on("photos").into());
        let mut form = read(&[("p", Some("a.jpg"), &[0; 21]), small, words]).await.unwrap();
        assert_eq!(form.value("a"), Some("火"));
        let files = form.take_files();
        assert_eq!(FormData::left_out(&files).unwrap_err().code(), "form-photo-big");
        assert_eq!(FormData::left_out(&files[1..]), Ok(()), "the small one was taken");
        let big = ("p", Some("a.jpg"), &[0_u8; 60][..]);
        assert_eq!(read(&[big, big]).await, Err(Problem::Limit("form_bytes")), "not read for ever");
    }

    #[test]
    fn readers_collect_everything_that_is_wrong() {
        let form = FormData::from_pairs([
            ("title", "  a\u{7}b "),
            ("note", "甲\r\n乙"),
            ("long", "12345"),
            ("days", "３１"),
            ("n", "x"),
            ("due", "2026年12月20日"),
            ("bad", "2026-02-30"),
            ("level", "other"),
            ("kinds", "a"),
            ("kinds", "b"),
        ]);
        let mut read = form.reader();
        let last = kernel::Date::constant(2026, 12, 8);
        assert_eq!(read.text("title").get(), "");
        assert_eq!(read.text("note").lines().get(), "甲\n乙");
        read.text("long").max(4).get();
        assert_eq!(read.int("days").get(), Some(31));
        assert_eq!(read.int("n").get(), None);
        assert_eq!(read.int("days").range(1, 30).get(), None);
        assert_eq!(read.date("due").get(), Some(kernel::Date::constant(2026, 12, 20)));
        assert_eq!(read.date("due").not_after(last).get(), None);
        assert_eq!(read.date("bad").get(), None);
        assert_eq!(read.choice("level", &[("general", 1)]).required().get(), None);
        assert_eq!(read.many("kinds", &[("a", 1), ("b", 2), ("c", 3)]).get(), [1, 2]);
        assert_eq!(read.id::<kernel::UnitId>("missing").get(), None);
        read.text("missing").required().get();
        let Err(Problem::Invalid(problems)) = read.finish() else { panic!("nothing was wrong") };
        let codes: Vec<&str> = problems.iter().map(|problem| problem.refusal.code).collect();
        let expected = [
            "field-control",
            "field-too-long",
            "field-number",
            "field-range",
            "field-date-late",
            "field-date",
            "field-choice",
            "field-required",
        ];
        assert_eq!(codes, expected);
        for lang in Lang::ALL {
            for problem in &problems {
                let sentence = Sentences::default().field(lang, problem);
                assert!(!sentence.contains(problem.refusal.code), "{sentence}");
            }
        }
    }

    #[test]
    fn nothing_typed_is_lost() {
        let sent =
            FormData::from_pairs([("title", "甲"), ("kinds", "a"), ("kinds", "b"), ("_csrf", "secret")]);
        let problem = Problem::from(Refusal::new("field-required").on("title"));
        let form = FormState::new(Lang::ZhCn, "t").keep(&sent).failed(&problem, &Sentences::default());
        assert_eq!(form.value("title"), "甲");
        assert!(form.has("kinds", "a") && form.has("kinds", "b") && !form.has("_csrf", "secret"));
        assert_eq!(form.error("title"), Some("请填写这一项。"));
    }

    /// A page of another crate, by that crate's `askama.toml`.
    #[derive(Template)]
    #[template(path = "room.html", config = "tests/sharing/askama.toml")]
    struct Room {
        shell: Shell,
        form: FormState,
        label: String,
    }

    #[test]
    fn other_crates_extend_the_layout_and_call_the_components() {
        let room = Room {
            shell: Shell::public(&prefs(Lang::En), "Room"),
            form: FormState::new(Lang::En, "token"),
            label: XSS.to_owned(),
        };
        let html = room.render().unwrap();
        assert!(html.contains("<title>Room · Xiaoan</title>"), "{html}");
        assert!(html.contains("name=\"_csrf\" value=\"token\""));
        assert!(!html.contains("<script>alert"));
    }
}
