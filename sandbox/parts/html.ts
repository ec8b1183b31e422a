const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is safe in HTML content and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '')

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f4f6f8; color: #1c2733 }
  main { max-width: 46rem; margin: 3rem auto; padding: 2rem; background: #fff; border: 1px solid #d6dde4; border-radius: 8px }
  main.narrow { max-width: 22rem }
  h1 { font-size: 1.4rem; margin-top: 0 } h2 { font-size: 1.1rem; margin-top: 2rem }
  label { display: block; margin: 1rem 0 .25rem }
  input { width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; border: 1px solid #7b8a99; border-radius: 4px }
  button { margin: 1.25rem .5rem 0 0; padding: .5rem 1.25rem; font: inherit; border: 1px solid #0b5cad; border-radius: 4px; background: #0b5cad; color: #fff }
  button.plain { background: #fff; color: #0b5cad }
  .problem { padding: .5rem .75rem; background: #fdecea; border: 1px solid #c0392b; border-radius: 4px }
  code, pre { font: 14px/1.45 ui-monospace, monospace } pre { overflow-x: auto; padding: .75rem; background: #f4f6f8; border-radius: 4px }
  table { border-collapse: collapse; width: 100% } td, th { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #e3e8ed }
`

/** A whole page; `content` is HTML that is already escaped. */
export const htmlPage = (title: string, content: string, narrow: boolean): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main${narrow ? ' class="narrow"' : ''}>
${content}
</main>
</body>
</html>
`
