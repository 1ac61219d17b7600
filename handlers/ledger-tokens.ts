// Which execution a client token stands for: the first one that came with it.
import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ServiceProxyError } from '../core/errors.ts';
import { expiry, getDocument, keyOf, type LedgerClients } from './ledger-table.ts';

export interface TokenClaim {
  readonly executionArn: string;
  /** Of the input it came with. */
  readonly fingerprint: string;
}

const partition = (clientToken: string) => `TOKEN#${clientToken}`;

/** The claim that counts: this one, or the one that was there before. */
export async function claimToken(
  clients: LedgerClients,
  clientToken: string,
  claim: TokenClaim,
): Promise<TokenClaim> {
  try {
    await clients.dynamodb.send(
      new PutItemCommand({
        TableName: clients.settings.ledgerTable,
        Item: {
          ...keyOf(partition(clientToken), 'TOKEN'),
          document: { S: JSON.stringify(claim) },
          expiresAt: expiry(clients.now()),
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return claim;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  const first = (await getDocument(clients, partition(clientToken), 'TOKEN')) as TokenClaim | undefined;
  if (first) return first;
  throw new ServiceProxyError('Unavailable', `client token ${clientToken} has just expired`);
}
