// How the events of an instance follow from its configuration: what is polled, how, how often, who is told.
// It reads texts and stores settings; nothing here asks a vendor.
export { type DateField, type PollerEntry, readEntry } from './entry.ts'
export { finderStart, inboundName, parseFinder } from './finder.ts'
export { changesEvents, hasEvents } from './settings.ts'
export { eventTopic, hastenPollers, storeEventSettings } from './store-settings.ts'
export { fillVariables } from './variables.ts'
