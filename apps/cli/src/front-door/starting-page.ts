/** Shown instead of a page while the web app is away; asks again by itself every second. */
export const STARTING_PAGE = `<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="1">
<title>Mallo</title>
<style>
:root { color-scheme: light dark; }
body { display: grid; place-content: center; min-height: 100vh; margin: 0; text-align: center; font: 16px/1.6 system-ui, sans-serif; }
</style>
</head>
<body>
<main>
<p role="status">Mallo를 시작하고 있습니다. 이 페이지는 저절로 열립니다.</p>
<p lang="en">Mallo is starting. This page opens by itself.</p>
</main>
</body>
</html>
`;
