// A function as Lambda describes it in its answers.
import type { FunctionConfiguration, Runtime } from '@aws-sdk/client-lambda';
import type { BuiltInFunction } from '../built-in-functions.ts';
import { findRole } from '../iam/model.ts';
import type { Aws } from '../service.ts';
import { type FoundFunction, isBuiltIn } from './find.ts';
import type { FunctionDocument } from './model.ts';

const built = { runtime: 'nodejs22.x', memorySize: 128 };

export function describe(aws: Aws, { name, arn, code }: FoundFunction): FunctionConfiguration {
  const logs = { LoggingConfig: { LogFormat: 'Text' as const, LogGroup: `/aws/lambda/${name}` } };
  const always = {
    FunctionName: name,
    FunctionArn: arn,
    Version: '$LATEST',
    State: 'Active' as const,
    LastUpdateStatus: 'Successful' as const,
    PackageType: 'Zip' as const,
    TracingConfig: { Mode: 'PassThrough' as const },
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None' as const, OptimizationStatus: 'Off' as const },
    ...logs,
  };
  return { ...always, ...(isBuiltIn(code) ? ofBuiltIn(aws, code) : ofDocument(code)) };
}

function ofDocument(code: FunctionDocument): FunctionConfiguration {
  return {
    Runtime: code.runtime as Runtime,
    Role: code.roleArn,
    Handler: code.handler,
    CodeSize: code.codeSize,
    CodeSha256: code.codeSha256,
    Description: code.description,
    Timeout: code.timeoutSeconds,
    MemorySize: code.memorySize,
    LastModified: new Date(code.lastModified).toISOString().replace('Z', '+0000'),
    ...(Object.keys(code.environment).length > 0 && { Environment: { Variables: code.environment } }),
    RevisionId: code.revisionId,
    Architectures: [code.architecture === 'arm64' ? 'arm64' : 'x86_64'],
  };
}

function ofBuiltIn(aws: Aws, { name, timeoutSeconds, variables }: BuiltInFunction): FunctionConfiguration {
  return {
    Runtime: built.runtime as Runtime,
    Role: findRole(aws, name)?.arn,
    Handler: 'index.handler',
    CodeSize: 0,
    Description: 'Comes with the embedded AWS',
    Timeout: timeoutSeconds,
    MemorySize: built.memorySize,
    ...(variables && { Environment: { Variables: variables } }),
    Architectures: ['x86_64'],
  };
}
