import { startEjabberd } from '../../support/servers/xmpp/ejabberd';
import { contract } from '../suite/contract';
import { xmppFixture } from './fixture';

contract('XMPP, ejabberd, STARTTLS', () => xmppFixture(startEjabberd, { way: 'starttls' }));
contract('XMPP, ejabberd, WebSocket', () => xmppFixture(startEjabberd, { way: 'websocket' }), 'transport');
