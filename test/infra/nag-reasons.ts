// Why a finding of cdk-nag's AwsSolutions rules stands: the finding, by rule and resource, and the reason.

export interface Reason {
  readonly finding: RegExp;
  readonly reason: string;
}

export const reasons: readonly Reason[] = [
  {
    finding: /IAM5\[Action::\*\] .*\/Boundary\/Resource$/,
    reason:
      'a permissions boundary grants nothing; it allows everything less what it denies, and is attached to no role',
  },
  {
    finding: /IAM5\[Resource::\*\] .*\/Boundary\/Resource$/,
    reason: 'a boundary speaks of every resource; the policy of the role names its own',
  },
  {
    finding:
      /IAM5\[Resource::\*\] .*\/(ServiceProxyProvisioning|ServiceProxyRollback)\/Role\/DefaultPolicy\/Resource$/,
    reason: "log delivery and X-Ray take no resource: AWS's own policies for Step Functions say * as well",
  },
  {
    finding: /IAM5\[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::\/(restapis|tags)\/\*[a-z/*]*\]/,
    reason:
      'ids of APIs, stages and deployments are given by API Gateway when they are made; ownership is checked by tag and ledger',
  },
  {
    finding: /IAM5\[Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:role\/service-proxy\/\*\]/,
    reason:
      "roles are named after executions; the path is the product's own, and making one takes the boundary",
  },
  {
    finding: /IAM5\[Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:role\/service-proxy-\*\]/,
    reason: 'only iam:GetRole: IAM evaluates a role that does not exist without its path',
  },
  {
    finding:
      /IAM5\[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:[\w:]*\*\]/,
    reason: 'executions get their names when they are started; they are only read',
  },
  {
    finding: /IAM5\[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:\*\/\*\]/,
    reason: 'VerifyStage calls the routes that were just made, in an API whose id is new',
  },
  {
    finding: /IAM5\[Resource::<ServiceProxyFunctions\w+\.Arn>:\*\]/,
    reason:
      'every version of one function: an execution that runs during an upgrade calls the version it began with',
  },
  {
    finding: /IAM5\[Resource::arn:<AWS::Partition>:s3:::<ServiceProxyArchiveRecords\w+>\/\*\]/,
    reason: "records are objects of the archive's own bucket",
  },
  {
    finding: /IAM5\[Resource::\*\] .*\/Functions\/DecideApprovalRole\/Resource$/,
    reason:
      'IAM knows no resource for states:SendTaskSuccess and SendTaskFailure: the token names the execution',
  },
  {
    finding: /SQS3 .*\/Alarms\/\w+\/Resource$/,
    reason: 'it is a dead-letter queue itself, with an alarm on its first message',
  },
  {
    finding: /-S1 .*\/Archive\/Records\/Resource$/,
    reason:
      'who reads the archive is in CloudTrail data events, which are the account’s to switch on; a log bucket of its own would need the same again',
  },
];
