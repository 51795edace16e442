import { browsing } from './browsing';
import { deadLetters } from './dead-letters';
import { declaring } from './declaring';
import { holding } from './holding';
import { overview } from './overview';
import { reading } from './reading';
import { sending } from './sending';
import { against } from './server';
import { terms } from './terms';

against({
	'exchanges and queues': browsing,
	'ways to read': reading,
	'acknowledging later': holding,
	sending,
	declaring,
	'terms of users': terms,
	'what the server reports of itself': overview,
	// Kills the server at its end.
	'dead letters': deadLetters,
});
