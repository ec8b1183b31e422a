import { Card, Stack, Text, Title } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { instanceQuery } from '../../api/queries.ts'
import type { ConnectWay, Instance, Metadata } from '../../api/shapes.ts'
import { GrantFacts } from '../../parts/GrantFacts.tsx'
import { StateChip } from '../../parts/StateChip.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Guide } from './Guide.tsx'
import { OtherAddress } from './OtherAddress.tsx'
import { ReconnectAtOnce } from './ReconnectAtOnce.tsx'
import { ReconnectByConsent } from './ReconnectByConsent.tsx'

/** The ways by which an instance is connected, the broken ones first. */
const waysOf = (element: Metadata, instance: Instance): readonly ConnectWay[] => {
  const { ways } = element.connect
  const broken = (type: string): boolean =>
    instance.authentication.some((grant) => grant.type === type && grant.state === 'needs-reconnect')
  const own = ways.filter(({ type }) => instance.authentication.some((grant) => grant.type === type))
  const shown = own.length === 0 ? ways.slice(0, 1) : own
  return [...shown].sort((one, two) => Number(broken(two.type)) - Number(broken(one.type)))
}

/** A connection is made anew; id, Element token and everything else of the instance stay. */
export const Reconnect = ({
  element,
  instanceId,
}: {
  readonly element: Metadata
  readonly instanceId: string
}) => {
  const { data: instance } = useSuspenseQuery(instanceQuery(instanceId))
  return (
    <>
      <PageHead title={`Reconnect ${instance.name}`} about={<StateChip instance={instance} />} />
      <OtherAddress />
      <Stack>
        <Text size="sm">
          The Element token stays, so applications notice nothing but that it works again.
          {element.connect.ways.some(({ consent }) => consent)
            ? ' The stored key and secret of your application are used.'
            : null}
        </Text>
        {waysOf(element, instance).map((way) => {
          const grant = instance.authentication.find(({ type }) => type === way.type)
          return (
            <Card key={way.type} withBorder padding="lg" component="section" aria-label={way.title}>
              <Stack gap="sm">
                <Title order={2} fz="lg">
                  {way.title}
                </Title>
                {grant === undefined ? null : <GrantFacts grant={grant} />}
                <Text size="sm">
                  <strong>Who:</strong> {way.who}
                </Text>
                {way.consent ? (
                  <ReconnectByConsent element={element} instance={instance} />
                ) : (
                  <ReconnectAtOnce element={element} instance={instance} way={way} />
                )}
                <details>
                  <summary>
                    <Text span size="sm">
                      All steps, from the start
                    </Text>
                  </summary>
                  <Guide way={way} />
                </details>
              </Stack>
            </Card>
          )
        })}
      </Stack>
    </>
  )
}
