/** Maximum length of a topic's name (org.apache.kafka.common.internals.Topic). */
const maxTopic = 249;

/** One sentence that says what is wrong with the name of a topic, or undefined. */
export function checkTopic(topic: string): string | undefined {
	if (topic === '') return 'The name of the topic is empty.';
	if (topic === '.' || topic === '..') return 'A topic cannot be named "." or "..".';
	if (!/^[\w.-]+$/.test(topic)) return 'The name of a topic has only ASCII letters, digits, ".", "_" and "-".';
	return topic.length > maxTopic ? `The name of a topic has at most ${maxTopic} characters.` : undefined;
}
