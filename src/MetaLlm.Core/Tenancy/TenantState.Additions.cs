using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

// What a tenant need not have stands behind everything else, and only where there is some: without, the bytes are those of a layout that did not know it.
public sealed partial class TenantState
{
    private const string AdditionsSection = "additions";
    private const string LaterSection = "users and dearest prices";
    private const string ConversationsSection = "conversations";
    private const string OverheadSection = "overhead";
    private const string CanarySection = "canary";
    private const string JudgesSection = "judges";
    private const string GuaranteeSection = "guarantee";
    private const string CascadeSection = "cascade of the tenant";

    private void WriteAdditions(StateWriter writer, TenantConfiguration configuration, bool withEarlier)
    {
        var earlier = withEarlier ? _earlier.Count : 0;
        var renamed = configuration.Arms.Any(arm => arm.RenamedFrom is not null);
        var later = configuration.Owners > 1 || configuration.MaxWeightPerUser is not null || configuration.Version is not null || configuration.Arms.Any(HasMostPrice)
            || HasConversations(configuration) || HasOverhead(configuration) || configuration.Canary is not null || !_judges.IsEmpty || _guarantee is not null || _cascade is not null || HasCards(configuration) || configuration.Sharing is not null;
        if (configuration.Owners == 1 && configuration.ExplorationFloor is null && !renamed && _renames.Count == 0 && earlier == 0 && !later)
        {
            return;
        }

        writer.Section(AdditionsSection);
        writer.Double(configuration.ExplorationFloor ?? double.NaN);
        writer.Bool(renamed);
        foreach (var arm in renamed ? configuration.Arms : [])
        {
            writer.Text(arm.RenamedFrom ?? "");
        }

        writer.Int(_renames.Count);
        foreach (var (through, from, to) in _renames)
        {
            writer.Long(through);
            writer.Text(from);
            writer.Text(to);
        }

        writer.Int(earlier);
        foreach (var (armId, counted) in _earlier.Take(earlier))
        {
            writer.Text(armId);
            counted.Write(writer);
        }

        if (later)
        {
            WriteLater(writer, configuration);
        }
    }

    private void WriteLater(StateWriter writer, TenantConfiguration configuration)
    {
        writer.Section(LaterSection);
        writer.Double(configuration.MaxWeightPerUser ?? double.NaN);
        _users.Write(writer);
        foreach (var arm in configuration.Arms)
        {
            writer.Double(arm.MostInputPrice);
            writer.Double(arm.MostOutputPrice);
        }

        if (configuration.Owners > 1)
        {
            writer.Long(configuration.Version ?? 0);
        }
        else if (configuration.Version is { } version)
        {
            writer.Long(version);
        }

        if (HasConversations(configuration))
        {
            writer.Section(ConversationsSection);
            WriteConversations(writer, configuration);
        }

        if (HasOverhead(configuration))
        {
            WriteOverhead(writer, configuration);
        }

        if (configuration.Canary is { } canary)
        {
            writer.Section(CanarySection);
            WriteCanary(writer, canary);
        }

        if (!_judges.IsEmpty)
        {
            writer.Section(JudgesSection);
            _judges.Write(writer);
        }

        if (_guarantee is not null)
        {
            writer.Section(GuaranteeSection);
            _guarantee.Write(writer);
        }

        if (HasCards(configuration))
        {
            WriteCards(writer, configuration);
        }

        if (configuration.Sharing is { } sharing)
        {
            WriteSharing(writer, sharing, configuration.Arms);
        }

        if (_cascade is not null)
        {
            writer.Section(CascadeSection);
            _cascade.Write(writer);
        }
    }

    private static bool HasOverhead(TenantConfiguration configuration) => configuration.Arms.Any(arm => arm.Overhead is not null);

    private static void WriteOverhead(StateWriter writer, TenantConfiguration configuration)
    {
        writer.Section(OverheadSection);
        foreach (var arm in configuration.Arms)
        {
            writer.Bool(arm.Overhead is not null);
            if (arm.Overhead is { } overhead)
            {
                writer.Double(overhead.InputTokens);
                writer.Double(overhead.MostInputTokens);
                writer.Double(overhead.Usd);
            }
        }
    }

    private void ReadOverhead(ref StateReader reader)
    {
        var arms = Configuration!.Arms.ToArray();
        for (var a = 0; a < arms.Length; a++)
        {
            if (reader.Bool())
            {
                arms[a] = arms[a] with { Overhead = new CallOverhead { InputTokens = reader.Double(), MostInputTokens = reader.Double(), Usd = reader.Double() } };
            }
        }

        // The policy prices by its own list of arms.
        Configuration = Configuration with { Arms = arms };
        _policy!.SetArms(arms);
    }

    private static bool HasMostPrice(Arm arm) => arm.MostInputPrice > 0 || arm.MostOutputPrice > 0;

    private void ReadAdditions(ref StateReader reader)
    {
        _renames.Clear();
        _earlier.Clear();
        _users.Clear();
        _conversations.Clear();
        _canary = null;
        _judges = new JudgeBook();
        _guarantee = null;
        _cascade = null;
        if (reader.AtEnd)
        {
            return;
        }

        reader.Expect(AdditionsSection);
        var (floor, configuration) = (reader.Double(), Configuration!);
        var arms = configuration.Arms.ToArray();
        for (var (a, renamed) = (0, reader.Bool()); renamed && a < arms.Length; a++)
        {
            var from = reader.Text();
            arms[a] = from.Length == 0 ? arms[a] : arms[a] with { RenamedFrom = from };
        }

        Configuration = configuration with { Arms = arms, ExplorationFloor = double.IsNaN(floor) ? null : floor };
        for (var left = reader.Int(); left > 0; left--)
        {
            _renames.Add((reader.Long(), reader.Text(), reader.Text()));
        }

        for (var left = reader.Int(); left > 0; left--)
        {
            var armId = reader.Text();
            _earlier[armId] = ArmCounters.Read(ref reader);
        }

        if (!reader.AtEnd)
        {
            ReadLater(ref reader);
        }
    }

    private void ReadLater(ref StateReader reader)
    {
        reader.Expect(LaterSection);
        var (most, configuration) = (reader.Double(), Configuration!);
        _users.Read(ref reader);
        var arms = new Arm[configuration.Arms.Count];
        for (var a = 0; a < arms.Length; a++)
        {
            arms[a] = configuration.Arms[a] with { MostInputPrice = reader.Double(), MostOutputPrice = reader.Double() };
        }

        Configuration = configuration with { Arms = arms, MaxWeightPerUser = double.IsNaN(most) ? null : most, Version = reader.AtEnd ? null : ReadVersion(ref reader) };
        if (reader.TryExpect(ConversationsSection))
        {
            ReadConversations(ref reader);
        }

        if (reader.TryExpect(OverheadSection))
        {
            ReadOverhead(ref reader);
        }

        if (reader.TryExpect(CanarySection))
        {
            ReadCanary(ref reader);
        }

        if (reader.TryExpect(JudgesSection))
        {
            _judges = JudgeBook.Read(ref reader);
        }

        if (reader.TryExpect(GuaranteeSection))
        {
            ReadGuarantee(ref reader);
        }

        if (reader.TryExpect(CardsSection))
        {
            ReadCards(ref reader);
        }

        if (reader.TryExpect(SharingSection))
        {
            ReadSharing(ref reader);
        }

        if (reader.TryExpect(CascadeSection))
        {
            ReadCascade(ref reader);
        }
    }

    // What comes after it is left out where there is none.
    private static long? ReadVersion(ref StateReader reader)
    {
        foreach (var section in (string[])[ConversationsSection, OverheadSection, CanarySection, JudgesSection, GuaranteeSection, CardsSection, SharingSection, CascadeSection])
        {
            var ahead = reader;
            if (ahead.TryExpect(section))
            {
                return null;
            }
        }

        return reader.Long();
    }
}
