import { Container, Text } from '@mantine/core'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'

export const NotFound = () => (
  <Container size="sm" py="xl" component="main">
    <PageHead title="Nothing is here" />
    <Text mb="md">This address leads to no page. The API is at /elements/api-v2.</Text>
    <LinkButton to="/">Home</LinkButton>
  </Container>
)
