// VPC over the platform's zones with public, web and database subnets; nothing leads from the
// internet to the database subnets: their route tables have no route out of the VPC.
#include <string>

#include "generator/stack_builder.hpp"
#include "generator/stacks.hpp"

namespace shopsim::generator {

namespace {

class NetworkStack {
 public:
  explicit NetworkStack(const Design& design)
      : network_(design.platform.network),
        cdn_(design.platform.cdn.enabled),
        builder_(design, "network", "VPC, subnets, NAT gateways, endpoints, security groups",
                 "One VPC with three tiers of subnets in every zone; only the public tier has a "
                 "route to the internet gateway, only the web tier one to a NAT gateway.") {}

  Stack make() {
    parameters();
    vpc();
    for (std::size_t zone = 0; zone < network_.zones.size(); ++zone) public_tier(zone);
    for (std::size_t zone = 0; zone < network_.zones.size(); ++zone) web_tier(zone);
    database_tier();
    if (network_.flow_logs) flow_logs();
    security_groups();
    endpoints();
    outputs();
    return std::move(builder_).finish();
  }

 private:
  void add(Resource resource) {
    if (resource.source.empty()) resource.source = "network";
    if (resource.requirements.empty()) resource.requirements = network_.because;
    builder_.add(std::move(resource));
  }

  void parameters() {
    for (std::size_t zone = 0; zone < network_.zones.size(); ++zone) {
      builder_.parameter({.id = zone_id("Zone", zone),
                          .group = "Network",
                          .type = "AWS::EC2::AvailabilityZone::Name",
                          .description = "Availability zone of the subnets whose name ends in " +
                                         zone_id("", zone),
                          .default_value = network_.zones[zone].name});
    }
    if (cdn_) {
      builder_.parameter(
          {.id = "CloudFrontPrefixListId",
           .group = "Network",
           .description = "Managed prefix list com.amazonaws.global.cloudfront.origin-facing of "
                          "the region (deploy.sh looks it up)",
           .pattern = "^pl-[0-9a-f]{8,17}$",
           .constraint = "the id of a prefix list, pl-..."});
    }
    if (network_.flow_logs) builder_.input("LogsKeyArn", "Key of the log groups");
  }

  void vpc() {
    add({.id = "Vpc",
         .type = "AWS::EC2::VPC",
         .why = "the shop's own address space",
         .properties = {{"CidrBlock", network_.vpc_cidr},
                        {"EnableDnsSupport", true},
                        {"EnableDnsHostnames", true}},
         .mutability = Mutability::must_never_change,
         .comment = "DNS support and host names are needed to mount EFS and by the endpoints."});
    add({.id = "InternetGateway",
         .type = "AWS::EC2::InternetGateway",
         .why = "the balancer is reached from outside and the NAT gateways get out"});
    add({.id = "GatewayAttachment",
         .type = "AWS::EC2::VPCGatewayAttachment",
         .why = "attaches the internet gateway",
         .properties = {{"VpcId", ref("Vpc")}, {"InternetGatewayId", ref("InternetGateway")}}});
    add({.id = "PublicRoutes",
         .type = "AWS::EC2::RouteTable",
         .why = "routes of the public subnets",
         .properties = {{"VpcId", ref("Vpc")}}});
    add({.id = "PublicDefaultRoute",
         .type = "AWS::EC2::Route",
         .why = "public subnets reach the internet",
         .properties = {{"RouteTableId", ref("PublicRoutes")},
                        {"DestinationCidrBlock", "0.0.0.0/0"},
                        {"GatewayId", ref("InternetGateway")}},
         .depends_on = {"GatewayAttachment"}});
  }

  void subnet(const std::string& id, std::size_t zone, const std::string& cidr,
              const std::string& why) {
    add({.id = id,
         .type = "AWS::EC2::Subnet",
         .why = why,
         .source = "network.zones[" + std::to_string(zone) + "]",
         .properties = {{"VpcId", ref("Vpc")},
                        {"AvailabilityZone", ref(zone_id("Zone", zone))},
                        {"CidrBlock", cidr},
                        {"MapPublicIpOnLaunch", false}},
         .mutability = Mutability::must_never_change});
  }

  void associate(const std::string& subnet_id, const std::string& table) {
    add({.id = subnet_id + "Routes",
         .type = "AWS::EC2::SubnetRouteTableAssociation",
         .why = "gives the subnet its routes",
         .properties = {{"SubnetId", ref(subnet_id)}, {"RouteTableId", ref(table)}}});
  }

  void public_tier(std::size_t zone) {
    const std::string id = zone_id("PublicSubnet", zone);
    subnet(id, zone, network_.zones[zone].public_subnet,
           "the balancer's node and the NAT gateway of this zone");
    associate(id, "PublicRoutes");
    if (zone > 0 && !network_.nat_gateway_per_zone) return;
    add({.id = zone_id("NatAddress", zone),
         .type = "AWS::EC2::EIP",
         .why = "the address under which web servers are seen outside",
         .properties = {{"Domain", "vpc"}},
         .depends_on = {"GatewayAttachment"}});
    Map properties = {{"AllocationId", attribute(zone_id("NatAddress", zone), "AllocationId")},
                      {"SubnetId", ref(id)}};
    List more;
    for (std::int64_t number = 2; number <= network_.nat.addresses; ++number) {
      const std::string address = zone_id("NatAddress", zone) + "Nr" + std::to_string(number);
      add({.id = address,
           .type = "AWS::EC2::EIP",
           .why = "more connections at once to one destination",
           .properties = {{"Domain", "vpc"}},
           .depends_on = {"GatewayAttachment"}});
      more.push_back(attribute(address, "AllocationId"));
    }
    if (!more.empty()) properties.push_back({"SecondaryAllocationIds", std::move(more)});
    add({.id = zone_id("NatGateway", zone),
         .type = "AWS::EC2::NatGateway",
         .why = network_.nat_gateway_per_zone
                    ? "web servers of this zone get out; another zone's loss does not touch it"
                    : "web servers of all zones get out",
         .properties = std::move(properties),
         .depends_on = {"PublicDefaultRoute", id + "Routes"}});
  }

  void web_tier(std::size_t zone) {
    const std::string id = zone_id("WebSubnet", zone);
    const std::string table = zone_id("WebRoutes", zone);
    subnet(id, zone, network_.zones[zone].web_subnet,
           "web servers of this zone, no public address");
    add({.id = table,
         .type = "AWS::EC2::RouteTable",
         .why = "routes of this zone's web servers",
         .properties = {{"VpcId", ref("Vpc")}}});
    add({.id = zone_id("WebDefaultRoute", zone),
         .type = "AWS::EC2::Route",
         .why = "web servers get out by NAT: nothing outside can open a connection to them",
         .properties = {{"RouteTableId", ref(table)},
                        {"DestinationCidrBlock", "0.0.0.0/0"},
                        {"NatGatewayId",
                         ref(zone_id("NatGateway", network_.nat_gateway_per_zone ? zone : 0))}}});
    associate(id, table);
  }

  void database_tier() {
    add({.id = "DatabaseRoutes",
         .type = "AWS::EC2::RouteTable",
         .why = "has the VPC's local route only: no way in or out",
         .properties = {{"VpcId", ref("Vpc")}},
         .mutability = Mutability::must_never_change,
         .comment = "Do not add a route here. What lives in these subnets talks to the VPC only."});
    add({.id = "DatabaseNetworkAcl",
         .type = "AWS::EC2::NetworkAcl",
         .why = "second lock: even a wrong security group lets in the VPC only",
         .properties = {{"VpcId", ref("Vpc")}}});
    for (const bool egress : {false, true}) {
      add({.id = egress ? "DatabaseAclToVpc" : "DatabaseAclFromVpc",
           .type = "AWS::EC2::NetworkAclEntry",
           .why = egress ? "answers go to the VPC only" : "connections come from the VPC only",
           .properties = {{"NetworkAclId", ref("DatabaseNetworkAcl")},
                          {"RuleNumber", 100},
                          {"Egress", egress},
                          {"Protocol", 6},
                          {"PortRange", map({{"From", 1024}, {"To", 65535}})},
                          {"CidrBlock", attribute("Vpc", "CidrBlock")},
                          {"RuleAction", "allow"}},
           .comment = egress ? "" : "TCP from 1024 up holds 2049, 5432, 6379 and all answers."});
    }
    for (std::size_t zone = 0; zone < network_.zones.size(); ++zone) {
      const std::string id = zone_id("DatabaseSubnet", zone);
      subnet(id, zone, network_.zones[zone].database_subnet,
             "database, cache and file system of this zone");
      associate(id, "DatabaseRoutes");
      add({.id = id + "Acl",
           .type = "AWS::EC2::SubnetNetworkAclAssociation",
           .why = "puts the second lock on the subnet",
           .properties = {{"SubnetId", ref(id)}, {"NetworkAclId", ref("DatabaseNetworkAcl")}}});
    }
  }

  void flow_logs() {
    Resource group = log_group("FlowLogGroup", builder_.name("flow-logs"),
                               network_.flow_log_retention_days,
                               "who talked to whom, kept for investigations", "network.flow_logs");
    add(std::move(group));
    add({.id = "FlowLogRole",
         .type = "AWS::IAM::Role",
         .why = "lets VPC flow logs write to their one log group",
         .source = "network.flow_logs",
         .properties = {
             {"AssumeRolePolicyDocument", trust("vpc-flow-logs.amazonaws.com")},
             {"Policies",
              list({map({{"PolicyName", "WriteFlowLogs"},
                         {"PolicyDocument",
                          policy_document({{.id = "Write",
                                            .actions = {"logs:CreateLogStream", "logs:PutLogEvents",
                                                        "logs:DescribeLogStreams"},
                                            .resource = attribute("FlowLogGroup", "Arn")},
                                           {.id = "Find",
                                            .actions = {"logs:DescribeLogGroups"},
                                            .resource = text("arn:${AWS::Partition}:logs:"
                                                             "${AWS::Region}:${AWS::AccountId}:"
                                                             "log-group:*")}})}})})}}});
    add({.id = "FlowLog",
         .type = "AWS::EC2::FlowLog",
         .why = "records every connection that is accepted or refused",
         .source = "network.flow_logs",
         .properties = {{"ResourceType", "VPC"},
                        {"ResourceId", ref("Vpc")},
                        {"TrafficType", "ALL"},
                        {"LogDestinationType", "cloud-watch-logs"},
                        {"LogGroupName", ref("FlowLogGroup")},
                        {"DeliverLogsPermissionArn", attribute("FlowLogRole", "Arn")},
                        {"MaxAggregationInterval", 60}}});
  }

  void group(const std::string& id, const std::string& description, const std::string& why) {
    add({.id = id,
         .type = "AWS::EC2::SecurityGroup",
         .why = why,
         .properties = {
             {"GroupDescription", description},
             {"VpcId", ref("Vpc")},
             // Without a rule AWS would allow everything out; this address is nobody.
             {"SecurityGroupEgress",
              list({map({{"IpProtocol", "-1"},
                         {"CidrIp", "127.0.0.1/32"},
                         {"Description", "Nothing but the separate rules below"}})})}}});
  }

  /// A rule of its own, so that two groups may name each other without a cycle.
  void allow(const std::string& from, const std::string& to, int port, const std::string& what) {
    add({.id = to + "From" + from.substr(0, from.find("SecurityGroup")),
         .type = "AWS::EC2::SecurityGroupIngress",
         .why = what,
         .properties = {{"GroupId", ref(to)},
                        {"IpProtocol", "tcp"},
                        {"FromPort", port},
                        {"ToPort", port},
                        {"SourceSecurityGroupId", ref(from)},
                        {"Description", what}}});
    add({.id = from + "To" + to.substr(0, to.find("SecurityGroup")),
         .type = "AWS::EC2::SecurityGroupEgress",
         .why = what,
         .properties = {{"GroupId", ref(from)},
                        {"IpProtocol", "tcp"},
                        {"FromPort", port},
                        {"ToPort", port},
                        {"DestinationSecurityGroupId", ref(to)},
                        {"Description", what}}});
  }

  void balancer_entry(const std::string& group_id, int port, const std::string& what) {
    Map properties = {{"GroupId", ref(group_id)},
                      {"IpProtocol", "tcp"},
                      {"FromPort", port},
                      {"ToPort", port},
                      {"Description", what}};
    properties.push_back(cdn_ ? Entry{"SourcePrefixListId", ref("CloudFrontPrefixListId")}
                              : Entry{"CidrIp", "0.0.0.0/0"});
    Resource rule = {.id = group_id + "Entry",
                     .type = "AWS::EC2::SecurityGroupIngress",
                     .why = what,
                     .source = "balancer",
                     .properties = std::move(properties)};
    if (!cdn_ && port == 80) {
      rule.exemptions.push_back({"CKV_AWS_260", "answers nothing but a redirect to HTTPS"});
    }
    add(std::move(rule));
  }

  void security_groups() {
    const int application_port = std::stoi(builder_.platform().web.application_port);
    group("BalancerSecurityGroup", "Balancer, HTTPS", "who may reach the balancer by HTTPS");
    group("RedirectSecurityGroup", "Balancer, redirect of plain HTTP",
          "who may be redirected from HTTP; apart from the other because CloudFront's prefix list "
          "counts as 55 rules and a group has 60");
    const std::string from = cdn_ ? "from CloudFront only" : "from anywhere";
    balancer_entry("BalancerSecurityGroup", 443, "HTTPS " + from);
    balancer_entry("RedirectSecurityGroup", 80, "HTTP " + from + ", to be redirected");
    group("WebSecurityGroup", "Web servers", "web servers talk to balancer, data tier and AWS");
    allow("BalancerSecurityGroup", "WebSecurityGroup", application_port,
          "Requests and health checks of the balancer");
    add({.id = "WebSecurityGroupToInternet",
         .type = "AWS::EC2::SecurityGroupEgress",
         .why = "packages, container images and AWS services without an endpoint, by HTTPS",
         .properties = {{"GroupId", ref("WebSecurityGroup")},
                        {"IpProtocol", "tcp"},
                        {"FromPort", 443},
                        {"ToPort", 443},
                        {"CidrIp", "0.0.0.0/0"},
                        {"Description", "HTTPS to AWS services and package mirrors, by NAT"}}});
    group("DatabaseSecurityGroup", "Database", "only web servers reach the database");
    allow("WebSecurityGroup", "DatabaseSecurityGroup", 5432, "PostgreSQL from the web servers");
    if (builder_.platform().database.proxy.enabled) {  // the proxy stands in the same group
      allow("DatabaseSecurityGroup", "DatabaseSecurityGroup", 5432, "PostgreSQL from the proxy");
    }
    if (builder_.platform().cache.enabled) {
      group("CacheSecurityGroup", "Cache", "only web servers reach the cache");
      allow("WebSecurityGroup", "CacheSecurityGroup", 6379, "Cache protocol from the web servers");
    }
    if (builder_.platform().shared_files.enabled) {
      group("FilesSecurityGroup", "Shared files", "only web servers mount the file system");
      allow("WebSecurityGroup", "FilesSecurityGroup", 2049, "NFS from the web servers");
    }
  }

  void endpoints() {
    bool has_interface = false;
    for (const std::string& name : network_.endpoints) has_interface |= name != "s3";
    if (has_interface) {
      group("EndpointSecurityGroup", "VPC endpoints", "web servers reach AWS services inside");
      allow("WebSecurityGroup", "EndpointSecurityGroup", 443, "HTTPS from the web servers");
    }
    for (const std::string& name : network_.endpoints) name == "s3" ? gateway() : interface(name);
  }

  void gateway() {
    List tables;
    for (std::size_t zone = 0; zone < network_.zones.size(); ++zone) {
      tables.push_back(ref(zone_id("WebRoutes", zone)));
    }
    add({.id = "ObjectStorageEndpoint",
         .type = "AWS::EC2::VPCEndpoint",
         .why = "photos, packages and backups go to S3 without passing (and paying) the NAT",
         .source = "network.endpoints",
         .properties = {{"VpcId", ref("Vpc")},
                        {"ServiceName", text("com.amazonaws.${AWS::Region}.s3")},
                        {"VpcEndpointType", "Gateway"},
                        {"RouteTableIds", std::move(tables)}},
         .comment = "No policy of its own: the operating system's packages lie in AWS's buckets."});
  }

  void interface(const std::string& name) {
    std::string id = "Endpoint";
    bool upper = true;
    for (const char c : name) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (letter) id += upper && c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
      upper = !letter;
    }
    List subnet_list;
    for (std::size_t zone = 0; zone < network_.zones.size(); ++zone) {
      subnet_list.push_back(ref(zone_id("WebSubnet", zone)));
    }
    add({.id = id,
         .type = "AWS::EC2::VPCEndpoint",
         .why = "web servers reach " + name + " without leaving the VPC",
         .source = "network.endpoints",
         .properties = {{"VpcId", ref("Vpc")},
                        {"ServiceName", text("com.amazonaws.${AWS::Region}." + name)},
                        {"VpcEndpointType", "Interface"},
                        {"PrivateDnsEnabled", true},
                        {"SubnetIds", std::move(subnet_list)},
                        {"SecurityGroupIds", list({ref("EndpointSecurityGroup")})}}});
  }

  void outputs() {
    std::vector<std::string> public_subnets;
    std::vector<std::string> web_subnets;
    std::vector<std::string> database_subnets;
    for (std::size_t zone = 0; zone < network_.zones.size(); ++zone) {
      public_subnets.push_back(zone_id("PublicSubnet", zone));
      web_subnets.push_back(zone_id("WebSubnet", zone));
      database_subnets.push_back(zone_id("DatabaseSubnet", zone));
      if (zone == 0 || network_.nat_gateway_per_zone) {
        builder_.output(zone_id("NatGateway", zone) + "Id", "NAT gateway",
                        ref(zone_id("NatGateway", zone)));
      }
    }
    for (const std::string& id : database_subnets) {
      builder_.output(id + "Id", "Subnet of the data tier", ref(id));
    }
    builder_.output("VpcId", "The VPC", ref("Vpc"));
    builder_.output("PublicSubnetIds", "Subnets of the balancer", comma_list(public_subnets));
    builder_.output("WebSubnetIds", "Subnets of the web servers", comma_list(web_subnets));
    builder_.output("DatabaseSubnetIds", "Subnets of the data tier", comma_list(database_subnets));
    std::vector<std::string> groups = {"BalancerSecurityGroup", "RedirectSecurityGroup",
                                       "WebSecurityGroup", "DatabaseSecurityGroup"};
    if (builder_.platform().cache.enabled) groups.emplace_back("CacheSecurityGroup");
    if (builder_.platform().shared_files.enabled) groups.emplace_back("FilesSecurityGroup");
    for (const std::string& id : groups) {
      builder_.output(id + "Id", "Security group", attribute(id, "GroupId"));
    }
  }

  const models::NetworkConfig& network_;
  bool cdn_;
  StackBuilder builder_;
};

}  // namespace

Stack network_stack(const Design& design) { return NetworkStack(design).make(); }

}  // namespace shopsim::generator
