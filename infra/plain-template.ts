// The synthesised template for those without CDK: where the functions' code is becomes a parameter.

export interface CdkTemplate {
  /** CDK's own are about its bootstrap stack. */
  readonly Parameters?: object;
  readonly Rules?: object;
  readonly Resources: Readonly<Record<string, { Type: string; Properties: Record<string, unknown> }>>;
}

/** Changes the resources it is given. */
export function withParameters({ Parameters: _, Rules: __, ...template }: CdkTemplate): CdkTemplate {
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const { S3Key } = Properties.Code as { readonly S3Key: string };
    Properties.Code = {
      S3Bucket: { Ref: 'AssetsBucket' },
      S3Key: { 'Fn::Sub': `\${AssetsPrefix}${S3Key}` },
    };
  }
  return {
    ...template,
    Parameters: {
      AssetsBucket: {
        Type: 'String',
        Description: 'Bucket in this region that holds the assets of the package',
      },
      AssetsPrefix: {
        Type: 'String',
        Default: '',
        Description: 'What their keys begin with, such as service-proxy/',
      },
    },
  };
}
