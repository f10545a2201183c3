using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

/// <summary>A configuration as snapshot bytes; dictionaries are written in ordinal order of their keys.</summary>
/// <remarks>Journal and wire have JSON. A snapshot cannot: the state hash is defined over its bytes, so that another encoding would change every hash.</remarks>
internal static class ConfigurationCodec
{
    /// <summary>Whether a configuration has nothing that the plain layout lacks.</summary>
    public static bool IsPlain(TenantConfiguration c) =>
        c.HardCapReserve == HardCapReserve.Bound && c.RouteExpiry == RouteExpiry.Free && c.Arms.All(arm => arm.MaxOutputTokens == 0);

    public static void Write(StateWriter writer, TenantConfiguration c, bool plain)
    {
        writer.Section("configuration");
        writer.Text(c.Policy);
        writer.Int(c.PolicyOptions.Count);
        foreach (var (name, value) in c.PolicyOptions.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            writer.Text(name);
            writer.Double(value);
        }

        writer.Long((long)c.Seed);
        writer.Double(c.PriceWeight);
        writer.Double(c.LatencyWeight);
        writer.Double(c.UsdPerRequest ?? double.NaN);
        writer.Double(c.HardCapUsd ?? double.NaN);
        writer.Long(c.HardCapWindow.Ticks);
        writer.Double(c.UsdPerHour ?? double.NaN);
        writer.Double(c.UsdPerDay ?? double.NaN);
        writer.Double(c.UsdPerMonth ?? double.NaN);
        writer.Double(c.QualityFloor ?? double.NaN);
        Write(writer, c.MissingReward);
        writer.Int((int)c.Parts);
        writer.Int(c.Arms.Count);
        foreach (var arm in c.Arms)
        {
            Write(writer, arm, plain);
        }

        if (!plain)
        {
            writer.Int((int)c.HardCapReserve);
            writer.Int((int)c.RouteExpiry);
        }
    }

    public static TenantConfiguration Read(ref StateReader reader, bool plain)
    {
        reader.Expect("configuration");
        var policy = reader.Text();
        var options = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var left = reader.Int(); left > 0; left--)
        {
            options[reader.Text()] = reader.Double();
        }

        var seed = (ulong)reader.Long();
        var priceWeight = reader.Double();
        var latencyWeight = reader.Double();
        var usdPerRequest = Optional(reader.Double());
        var hardCap = Optional(reader.Double());
        var window = TimeSpan.FromTicks(reader.Long());
        var usdPerHour = Optional(reader.Double());
        var usdPerDay = Optional(reader.Double());
        var usdPerMonth = Optional(reader.Double());
        var qualityFloor = Optional(reader.Double());
        var missingReward = ReadMissingReward(ref reader);
        var parts = (ContextParts)reader.Int();
        var arms = new List<Arm>();
        for (var left = reader.Int(); left > 0; left--)
        {
            arms.Add(ReadArm(ref reader, plain));
        }

        return new TenantConfiguration
        {
            Arms = arms,
            Policy = policy,
            PolicyOptions = options,
            Seed = seed,
            PriceWeight = priceWeight,
            LatencyWeight = latencyWeight,
            UsdPerRequest = usdPerRequest,
            HardCapUsd = hardCap,
            HardCapWindow = window,
            UsdPerHour = usdPerHour,
            UsdPerDay = usdPerDay,
            UsdPerMonth = usdPerMonth,
            QualityFloor = qualityFloor,
            MissingReward = missingReward,
            Parts = parts,
            HardCapReserve = plain ? HardCapReserve.Bound : (HardCapReserve)reader.Int(),
            RouteExpiry = plain ? RouteExpiry.Free : (RouteExpiry)reader.Int(),
        };
    }

    private static void Write(StateWriter writer, MissingReward? missing)
    {
        writer.Bool(missing is not null);
        if (missing is not null)
        {
            // Predicted rather than configured: no number.
            writer.Double(missing.Mode == MissingRewardMode.Impute ? double.NaN : missing.Value);
            writer.Long(missing.After.Ticks);
            writer.Double(missing.Weight);
        }
    }

    private static MissingReward? ReadMissingReward(ref StateReader reader)
    {
        if (!reader.Bool())
        {
            return null;
        }

        var value = Optional(reader.Double());
        return new MissingReward
        {
            Mode = value is null ? MissingRewardMode.Impute : MissingRewardMode.Value,
            Value = value ?? 0,
            After = TimeSpan.FromTicks(reader.Long()),
            Weight = reader.Double(),
        };
    }

    private static double? Optional(double value) => double.IsNaN(value) ? null : value;

    private static void Write(StateWriter writer, Arm arm, bool plain)
    {
        writer.Text(arm.Id);
        writer.Double(arm.Prices.Input);
        writer.Double(arm.Prices.CachedInput);
        writer.Double(arm.Prices.Output);
        writer.Bool(arm.Enabled);
        writer.Int(arm.ContextTokens);
        writer.Int(arm.Capabilities?.Count ?? -1);
        foreach (var capability in arm.Capabilities ?? [])
        {
            writer.Text(capability);
        }

        writer.Double(arm.PriorOutputTokens);
        writer.Double(arm.PriorLatencySeconds);
        if (!plain)
        {
            writer.Int(arm.MaxOutputTokens);
        }
    }

    private static Arm ReadArm(ref StateReader reader, bool plain)
    {
        var id = reader.Text();
        var prices = new TokenPrices(reader.Double(), reader.Double(), reader.Double());
        var enabled = reader.Bool();
        var contextTokens = reader.Int();
        var count = reader.Int();
        List<string>? capabilities = count < 0 ? null : [];
        for (var left = count; left > 0; left--)
        {
            capabilities!.Add(reader.Text());
        }

        return new Arm
        {
            Id = id,
            Prices = prices,
            Enabled = enabled,
            ContextTokens = contextTokens,
            Capabilities = capabilities,
            PriorOutputTokens = reader.Double(),
            PriorLatencySeconds = reader.Double(),
            MaxOutputTokens = plain ? 0 : reader.Int(),
        };
    }
}
