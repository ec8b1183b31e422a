import '@mantine/core/styles.css'
import './app/page.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from './api/client.ts'
import { App } from './app/App.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('the document has no place for the page')
// A refused call is told where the page would stand; anything else is a fault of the page.
const onCaughtError = (error: unknown): void => {
  if (!(error instanceof ApiError)) reportError(error)
}
createRoot(root, { onCaughtError }).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
