import { startEjabberd } from '../support/ejabberd';
import { contract } from './contract';
import { xmppFixture } from './xmpp-fixture';

contract('XMPP, ejabberd, STARTTLS', () => xmppFixture(startEjabberd, { way: 'starttls' }));
contract('XMPP, ejabberd, WebSocket', () => xmppFixture(startEjabberd, { way: 'websocket' }));
