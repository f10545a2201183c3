using System.Globalization;
using System.Net;

namespace MetaLlm.Chaos.Cluster;

/// <summary>
/// The machines of a cluster: network namespaces around a router, where this process may make them, so that any two can be cut from each other.
/// Packets between them then vanish without a word, as behind a broken switch. Elsewhere all share the loopback address, and nothing can be cut.
/// </summary>
internal sealed class ClusterNetwork
{
    private const int FirstSubnet = 64;
    private const int Subnets = 64;

    private readonly string _prefix;
    private readonly int _subnet;
    private int _machines;

    private ClusterNetwork(string prefix, int subnet)
    {
        _prefix = prefix;
        _subnet = subnet;
    }

    /// <summary>Why nothing can be cut here; null where it can.</summary>
    public string? WhyNoCuts { get; private init; }

    /// <summary>Names of namespaces begin so; null without namespaces.</summary>
    public string? Prefix => WhyNoCuts is null ? _prefix : null;

    private string Router => $"{_prefix}r";

    /// <summary>Sets the network up.</summary>
    public static async Task<ClusterNetwork> CreateAsync()
    {
        var why = await WhyNoNamespacesAsync();
        if (why is not null)
        {
            return new ClusterNetwork("", 0) { WhyNoCuts = why };
        }

        var prefix = $"mc{(Environment.ProcessId % 100_000).ToString(CultureInfo.InvariantCulture)}";
        var network = new ClusterNetwork(prefix, await FreeSubnetAsync());
        await network.ConnectThisProcessAsync();
        return network;
    }

    /// <summary>Adds a machine.</summary>
    public async Task<Machine> AddAsync()
    {
        if (WhyNoCuts is not null)
        {
            return new Machine(IPAddress.Loopback, []);
        }

        var number = ++_machines;
        var name = $"{_prefix}n{number.ToString(CultureInfo.InvariantCulture)}";
        await IpAsync("netns", "add", name);
        await IpAsync("-n", Router, "link", "add", $"m{number}", "type", "veth", "peer", "name", "eth0", "netns", name);
        await IpAsync("-n", Router, "addr", "add", $"{Address(number, 1)}/30", "dev", $"m{number}");
        await IpAsync("-n", Router, "link", "set", $"m{number}", "up");
        await IpAsync("-n", name, "link", "set", "lo", "up");
        await IpAsync("-n", name, "addr", "add", $"{Address(number, 2)}/30", "dev", "eth0");
        await IpAsync("-n", name, "link", "set", "eth0", "up");
        await IpAsync("-n", name, "route", "add", "default", "via", Address(number, 1));
        return new Machine(IPAddress.Parse(Address(number, 2)), ["ip", "netns", "exec", name]);
    }

    /// <summary>Lets no packet through between two machines.</summary>
    public Task CutAsync(Machine one, Machine other) => RuleAsync("add", one, other);

    /// <summary>Lets packets through again.</summary>
    public Task HealAsync(Machine one, Machine other) => RuleAsync("del", one, other);

    private static Task<string> IpAsync(params string[] arguments) => Shell.RunAsync("ip", arguments);

    private static async Task<string?> WhyNoNamespacesAsync()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !Shell.Has("ip"))
        {
            return "network namespaces need Linux, root and the program 'ip' (iproute2)";
        }

        var probe = $"mcp{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
        var (exitCode, _, error) = await Shell.TryAsync("ip", "netns", "add", probe);
        if (exitCode != 0)
        {
            return $"network namespaces are not allowed here: {error.Trim()}";
        }

        await IpAsync("netns", "del", probe);
        return null;
    }

    private static async Task<int> FreeSubnetAsync()
    {
        var routes = await IpAsync("route");
        for (var i = 0; i < Subnets; i++)
        {
            var subnet = FirstSubnet + ((Environment.ProcessId + i) % Subnets);
            if (!routes.Contains($"10.{subnet.ToString(CultureInfo.InvariantCulture)}.", StringComparison.Ordinal))
            {
                return subnet;
            }
        }

        throw new InvalidOperationException($"Every network from 10.{FirstSubnet}.0.0/16 to 10.{FirstSubnet + Subnets - 1}.0.0/16 has a route already.");
    }

    private async Task ConnectThisProcessAsync()
    {
        await IpAsync("netns", "add", Router);
        await Shell.RunAsync("ip", "netns", "exec", Router, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        await IpAsync("-n", Router, "link", "set", "lo", "up");
        await IpAsync("link", "add", $"{_prefix}l", "type", "veth", "peer", "name", "m0", "netns", Router);
        await IpAsync("-n", Router, "addr", "add", $"{Address(0, 1)}/30", "dev", "m0");
        await IpAsync("-n", Router, "link", "set", "m0", "up");
        await IpAsync("addr", "add", $"{Address(0, 2)}/30", "dev", $"{_prefix}l");
        await IpAsync("link", "set", $"{_prefix}l", "up");
        await IpAsync("route", "add", $"10.{_subnet}.0.0/16", "via", Address(0, 1));
    }

    private async Task RuleAsync(string verb, Machine one, Machine other)
    {
        await IpAsync("-n", Router, "rule", verb, "from", one.Address.ToString(), "to", other.Address.ToString(), "blackhole");
        await IpAsync("-n", Router, "rule", verb, "from", other.Address.ToString(), "to", one.Address.ToString(), "blackhole");
    }

    private string Address(int machine, int end) => string.Create(CultureInfo.InvariantCulture, $"10.{_subnet}.{machine}.{end}");
}
