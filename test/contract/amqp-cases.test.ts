import { browsing } from './amqp-browsing';
import { deadLetters } from './amqp-dead-letters';
import { declaring } from './amqp-declaring';
import { reading } from './amqp-reading';
import { sending } from './amqp-sending';
import { against } from './amqp-server';

against({
	'exchanges and queues': browsing,
	'ways to read': reading,
	sending,
	declaring,
	// Kills the server at its end.
	'dead letters': deadLetters,
});
