// Ways to break the good shop: order of creation, network, and the proofs on it.
#include "tests/generator/check_mutations.hpp"

std::span<const Mutation> network_mutations() {
  static const Mutation kMutations[] = {
      {"route-after-attachment", "network.yaml",
       "    Type: AWS::EC2::Route\n    DependsOn: Attachment\n", "    Type: AWS::EC2::Route\n",
       "PublicRoute:"},
      {"address-after-attachment", "network.yaml",
       "  AddressB:\n    Type: AWS::EC2::EIP\n    DependsOn: Attachment\n",
       "  AddressB:\n    Type: AWS::EC2::EIP\n", "AddressB:"},
      {"group-after-routes", "web.yaml", "VPCZoneIdentifier: [!Ref WebSubnetA, !Ref WebSubnetB]",
       "VPCZoneIdentifier: [!Ref Own, !Ref WebSubnetB]", "VPCZoneIdentifier"},
      {"group-after-listener", "web.yaml",
       "    Type: AWS::AutoScaling::AutoScalingGroup\n    DependsOn: Listener\n",
       "    Type: AWS::AutoScaling::AutoScalingGroup\n", "TargetGroupARNs"},
      {"group-after-mounts", "web.yaml", "mount -t efs ${FileSystem}", "mount -t efs ${Files}",
       "  Group:"},
      {"request-scaling-label", "web.yaml",
       "${Balancer.LoadBalancerFullName}/${Targets.TargetGroupFullName}", "${Balancer}/${Targets}",
       "ResourceLabel"},
      {"request-scaling-label", "web.yaml",
       "    Type: AWS::AutoScaling::AutoScalingGroup\n    DependsOn: Listener\n",
       "    Type: AWS::AutoScaling::AutoScalingGroup\n", "  Scaling:"},
      {"subnet-range", "network.yaml", "CidrBlock: 10.20.5.0/24", "CidrBlock: 10.20.4.0/23",
       "10.20.4.0/23"},
      {"subnet-range", "network.yaml", "CidrBlock: 10.20.5.0/24", "CidrBlock: 10.21.5.0/24",
       "10.21.5.0/24"},
      {"subnet-range", "network.yaml", "CidrBlock: 10.20.5.0/24", "CidrBlock: 10.20.5.0/29",
       "10.20.5.0/29"},
      {"dns-attributes", "network.yaml", "EnableDnsHostnames: true", "EnableDnsHostnames: false",
       "EnableDnsHostnames"},
      {"balancer-subnets", "web.yaml", "Subnets: [!Ref PublicSubnetA, !Ref PublicSubnetB]",
       "Subnets: [!Ref PublicSubnetA]", "Subnets: [!Ref PublicSubnetA]"},
      {"balancer-subnets", "web.yaml", "Subnets: [!Ref PublicSubnetA, !Ref PublicSubnetB]",
       "Subnets: [!Ref PublicSubnetA, !Ref WebSubnetB]", "Subnets: [!Ref PublicSubnetA"},
      {"listener-certificate", "web.yaml",
       "      Certificates: [{CertificateArn: !Ref CertificateArn}]\n", "", "Protocol: HTTPS"},
      {"balancer-reaches-targets", "web.yaml", "Protocol: HTTP, Port: 8080",
       "Protocol: HTTP, Port: 8081", "Port: 8081"},
      {"balancer-reaches-targets", "network.yaml",
       "GroupId: !Ref BalancerGroup, IpProtocol: tcp, FromPort: 8080",
       "GroupId: !Ref BalancerGroup, IpProtocol: tcp, FromPort: 8081", "Port: 8080", "web.yaml"},
      {"security-group-drift", "network.yaml",
       "Properties: {GroupDescription: web, VpcId: !Ref Vpc}",
       "Properties: {GroupDescription: web, VpcId: !Ref Vpc, SecurityGroupIngress: [{IpProtocol: "
       "tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}]}",
       "WebIn:"},
      {"endpoint-reachable", "network.yaml",
       "      RouteTableIds: [!Ref WebTableA, !Ref WebTableB]\n", "", "StorageEndpoint:"},
      {"endpoint-reachable", "network.yaml", "SecurityGroupIds: [!Ref EndpointGroup]",
       "SecurityGroupIds: [!Ref WebGroup]", "SecurityGroupIds"},
      {"open-port", "network.yaml", "FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0",
       "FromPort: 22, ToPort: 443, CidrIp: 0.0.0.0/0", "FromPort: 22"},
      // The servers get public addresses and a public subnet: around the balancer.
      {"internet-path", "network.yaml",
       "FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: !Ref BalancerGroup}",
       "FromPort: 8080, ToPort: 8080, CidrIp: 0.0.0.0/0}\n  WebGateRoute: {Type: AWS::EC2::Route, "
       "DependsOn: Attachment, Properties: {RouteTableId: !Ref WebTableA, DestinationCidrBlock: "
       "0.0.0.0/0, GatewayId: !Ref Gateway}}\n  WebSubnetC: {Type: AWS::EC2::Subnet, Properties: "
       "{VpcId: !Ref Vpc, CidrBlock: 10.20.6.0/24, MapPublicIpOnLaunch: true}}\n  WebLinkC: {Type: "
       "AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref WebSubnetC, "
       "RouteTableId: !Ref WebTableA}}",
       "CidrIp: 0.0.0.0/0}"},
      // The balancer's group may open connections to the database: around the servers.
      {"internet-path", "main.yaml", "WebGroup: !GetAtt Network.Outputs.WebGroup\n        Key: "
       "!GetAtt Operations.Outputs.Key\n  Web:",
       "WebGroup: !GetAtt Network.Outputs.BalancerGroup\n        Key: !GetAtt "
       "Operations.Outputs.Key\n  Web:",
       "FromPort: 5432", "data.yaml"},
      {"data-route", "network.yaml", "SubnetId: !Ref DataSubnetB, RouteTableId: !Ref DataTable",
       "SubnetId: !Ref DataSubnetB, RouteTableId: !Ref PublicTable", "PublicRoute:"},
      {"data-route", "data.yaml", "PubliclyAccessible: false", "PubliclyAccessible: true",
       "PubliclyAccessible"},
      {"data-reachable", "data.yaml", "FromPort: 5432, ToPort: 5432", "FromPort: 5433, ToPort: "
          "5433",
       "Database:"},
      {"single-failure", "data.yaml", "MultiAZ: true", "MultiAZ: false", "MultiAZ: false"},
      {"single-failure", "data.yaml", "MultiAZEnabled: true", "MultiAZEnabled: false",
       "MultiAZEnabled"},
      {"single-failure", "data.yaml", "NumCacheClusters: 2", "NumCacheClusters: 1",
       "AutomaticFailoverEnabled"},
      {"single-failure", "network.yaml", "DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref NatB",
       "DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref NatA", "SubnetId: !Ref PublicSubnetA"},
      {"single-failure", "web.yaml", "MinSize: \"2\"", "MinSize: \"1\"", "MinSize: \"1\""},
      {"single-failure", "web.yaml", "VPCZoneIdentifier: [!Ref WebSubnetA, !Ref WebSubnetB]",
       "VPCZoneIdentifier: [!Ref WebSubnetA]", "VPCZoneIdentifier"},
      {"single-failure", "web.yaml", "Subnets: [!Ref PublicSubnetA, !Ref PublicSubnetB]",
       "Subnets: [!Ref PublicSubnetA]", "Subnets: [!Ref PublicSubnetA]"},
  };
  return kMutations;
}
