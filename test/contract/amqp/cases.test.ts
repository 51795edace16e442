import { browsing } from './browsing';
import { deadLetters } from './dead-letters';
import { declaring } from './declaring';
import { reading } from './reading';
import { sending } from './sending';
import { against } from './server';
import { terms } from './terms';

against({
	'exchanges and queues': browsing,
	'ways to read': reading,
	sending,
	declaring,
	'terms of users': terms,
	// Kills the server at its end.
	'dead letters': deadLetters,
});
