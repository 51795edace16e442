import { nats } from './nats';
import { rabbitmq } from './rabbitmq';
import type { Recipe } from './recipe';
import { xmppServers } from './xmpp';

/** The servers of which a private instance is started where they are installed. */
export const installedServers = (): Recipe[] => [rabbitmq, nats, ...xmppServers()];
