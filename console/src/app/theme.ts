import { Alert, type CSSVariablesResolver, createTheme } from '@mantine/core'

/** Shades dark enough for text of 4.5:1, on light and on dark. */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Alert: Alert.extend({
      styles: {
        body: { minWidth: 0 },
        title: { color: 'var(--mantine-color-text)', overflowWrap: 'anywhere' },
      },
    }),
  },
})

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#495057', '--mantine-color-error': '#c92a2a' },
  dark: { '--mantine-color-dimmed': '#b8bcc2', '--mantine-color-error': '#ff8787' },
})
