/**
 * Products that keep a message which was received as a copy, by the property `product` or the container ID of their open.
 * RabbitMQ 3 grants copies, yet holds the messages until the connection closes; RabbitMQ 4 and Azure Service Bus refuse them;
 * the example brokers of Qpid Proton do not answer, and the messages are gone.
 */
const keepers = /artemis|activemq|qpid-cpp|qpid-broker|qpidd|broker-j|qpid\b|solace|messaging workbench/i;

export interface Browsable {
	product: string;
	containerId: string;
}

/** Whether the server is known to keep browsed messages. */
export const keepsBrowsed = ({ product, containerId }: Browsable): boolean =>
	!/rabbitmq/i.test(product) && keepers.test(product === '' ? containerId : product);
