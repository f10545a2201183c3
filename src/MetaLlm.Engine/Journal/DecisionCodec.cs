using System.Buffers;
using System.Buffers.Binary;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>Decisions as journals keep them: the context as float32, and all that has no column of its own in a versioned record.</summary>
public static class DecisionCodec
{
    private const int Version = 5;

    // Layout 4 has the same members. Decisions of a policy are still written in it: a release that knows no others refuses those of layout 5, which it would learn from.
    private const int VersionOfPolicies = 4;

    // Layout 3 has no user and no key. A decision that has neither is still written in it, for it is shorter.
    private const int VersionWithoutUser = 3;

    // Layout 2 ends before what caps set aside.
    private const int VersionWithoutBounds = 2;

    // Layout 1 ends before the origin.
    private const int VersionWithoutOrigin = 1;

    /// <summary>Writes a decision.</summary>
    /// <param name="decision">The decision.</param>
    public static EncodedDecision Encode(DecisionRecord decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var buffer = new ArrayBufferWriter<byte>(1024);
        var writer = new StateWriter(buffer);
        var anonymous = decision is { IsOfPolicy: true, User: 0, UserWeight: 1, Key: null };
        writer.Int(!decision.IsOfPolicy ? Version : anonymous ? VersionWithoutUser : VersionOfPolicies);
        writer.Text(decision.Policy);
        writer.Int(decision.PolicyVersion);
        WriteOptional(writer, decision.Task);
        writer.Double(decision.InputTokens);
        if (!anonymous)
        {
            writer.Long(unchecked((long)decision.User));
            writer.Double(decision.UserWeight);
            WriteOptional(writer, decision.Key);
        }

        writer.Text(decision.GreedyArm);
        writer.Double(decision.Propensity);
        writer.Double(decision.Draw);
        writer.Long(unchecked((long)decision.Seed));
        writer.Double(decision.Lambda);
        writer.Double(decision.Preferences.Quality);
        writer.Double(decision.Preferences.Cost);
        writer.Double(decision.Preferences.Latency);
        writer.Double(decision.ReservedUsd);
        writer.Int(decision.Arms.Count);
        foreach (var arm in decision.Arms)
        {
            writer.Text(arm.ArmId);
            writer.Double(arm.Quality);
            writer.Double(arm.QualityDeviation);
            writer.Double(arm.CostUsd);
            writer.Double(arm.LatencySeconds);
            writer.Bool(arm.Score is not null);
            if (arm.Score is { } score)
            {
                writer.Double(score);
            }

            writer.Double(arm.Propensity);
            WriteOptional(writer, arm.Exclusion);
        }

        writer.Int((int)decision.Origin);
        foreach (var arm in decision.Arms)
        {
            writer.Double(arm.BoundUsd);
        }

        // Behind all that releases before know, which pass over it.
        if (decision.Conversation is { } place)
        {
            ConversationPlaceCodec.Write(writer, decision, place);
        }

        if (decision.Guarantee is { } under)
        {
            GuaranteePlaceCodec.Write(writer, under);
        }

        return new EncodedDecision(decision, EncodeContext(decision.Context), buffer.WrittenMemory);
    }

    /// <summary>Fills in what the record holds.</summary>
    /// <param name="columns">What stands outside the record.</param>
    /// <param name="record">What <see cref="Encode"/> wrote as <see cref="EncodedDecision.Record"/>.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged or of another version.</exception>
    public static DecisionRecord Decode(in DecisionColumns columns, ReadOnlySpan<byte> record)
    {
        var reader = new StateReader(record);
        var version = reader.Int();
        if (version is < VersionWithoutOrigin or > Version)
        {
            throw new InvalidDataException(
                $"Decision {columns.Ordinal} of tenant '{columns.Tenant}' is stored in layout {version}; this build reads layouts {VersionWithoutOrigin} to {Version}.");
        }

        var decision = new DecisionRecord
        {
            Tenant = columns.Tenant,
            DecisionId = columns.DecisionId,
            Ordinal = columns.Ordinal,
            AppliedSequence = columns.AppliedSequence,
            At = columns.At,
            FeatureSchema = columns.FeatureSchema,
            Context = columns.Context,
            Pinned = columns.Pinned,
            ChosenArm = columns.ChosenArm,
            Policy = reader.Text(),
            PolicyVersion = reader.Int(),
            Task = ReadOptional(ref reader),
            InputTokens = reader.Double(),
            User = version < VersionOfPolicies ? 0 : unchecked((ulong)reader.Long()),
            UserWeight = version < VersionOfPolicies ? 1 : reader.Double(),
            Key = version < VersionOfPolicies ? null : ReadOptional(ref reader),
            GreedyArm = reader.Text(),
            Propensity = reader.Double(),
            Draw = reader.Double(),
            Seed = unchecked((ulong)reader.Long()),
            Lambda = reader.Double(),
            Preferences = new PreferenceWeights(reader.Double(), reader.Double(), reader.Double()),
            ReservedUsd = reader.Double(),
            Arms = ReadArms(ref reader),
            Origin = version == VersionWithoutOrigin ? DecisionOrigin.Route : (DecisionOrigin)reader.Int(),
        };
        decision = version > VersionWithoutBounds ? decision with { Arms = ReadBounds(ref reader, decision.Arms) } : decision;
        decision = GuaranteePlaceCodec.Read(ref reader, decision);
        return reader.AtEnd ? decision : GuaranteePlaceCodec.Read(ref reader, ConversationPlaceCodec.Read(ref reader, decision));
    }

    /// <summary>Reads the kind of task alone, which every layout holds.</summary>
    /// <param name="record">What <see cref="Encode"/> wrote as <see cref="EncodedDecision.Record"/>.</param>
    /// <returns>The task; null where the client named none.</returns>
    public static string? DecodeTask(ReadOnlySpan<byte> record)
    {
        var reader = new StateReader(record);
        _ = reader.Int();
        _ = reader.Text();
        _ = reader.Int();
        return ReadOptional(ref reader);
    }

    /// <summary>Reads the id of the caller's key alone.</summary>
    /// <param name="record">What <see cref="Encode"/> wrote as <see cref="EncodedDecision.Record"/>.</param>
    /// <returns>The id; null where there was none, or the layout does not say.</returns>
    public static string? DecodeKey(ReadOnlySpan<byte> record)
    {
        var reader = new StateReader(record);
        var version = reader.Int();
        _ = reader.Text();
        _ = reader.Int();
        _ = ReadOptional(ref reader);
        _ = reader.Double();
        if (version < VersionOfPolicies)
        {
            return null;
        }

        _ = reader.Long();
        _ = reader.Double();
        return ReadOptional(ref reader);
    }

    /// <summary>Reads alone what events about a decision need to know.</summary>
    /// <param name="record">What <see cref="Encode"/> wrote as <see cref="EncodedDecision.Record"/>.</param>
    /// <returns>The estimate of the prompt's tokens, and how much rewards count (1 in layouts that do not say).</returns>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static (double InputTokens, double UserWeight) DecodeFacts(ReadOnlySpan<byte> record)
    {
        var reader = new StateReader(record);
        var version = reader.Int();
        reader.Text();
        reader.Int();
        ReadOptional(ref reader);
        var tokens = reader.Double();
        if (version < VersionOfPolicies)
        {
            return (tokens, 1);
        }

        reader.Long();
        return (tokens, reader.Double());
    }

    /// <summary>Writes a context vector: float32, little-endian.</summary>
    /// <param name="context">The vector.</param>
    public static byte[] EncodeContext(ReadOnlySpan<float> context)
    {
        var bytes = new byte[context.Length * sizeof(float)];
        for (var i = 0; i < context.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), context[i]);
        }

        return bytes;
    }

    /// <summary>Reads what <see cref="EncodeContext"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    public static float[] DecodeContext(ReadOnlySpan<byte> bytes)
    {
        var context = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < context.Length; i++)
        {
            context[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return context;
    }

    private static ArmAssessment[] ReadArms(ref StateReader reader)
    {
        var arms = new ArmAssessment[reader.Int()];
        for (var i = 0; i < arms.Length; i++)
        {
            arms[i] = new ArmAssessment(
                reader.Text(),
                reader.Double(),
                reader.Double(),
                reader.Double(),
                reader.Double(),
                reader.Bool() ? reader.Double() : null,
                reader.Double(),
                ReadOptional(ref reader));
        }

        return arms;
    }

    private static ArmAssessment[] ReadBounds(ref StateReader reader, IReadOnlyList<ArmAssessment> arms)
    {
        var bounded = new ArmAssessment[arms.Count];
        for (var i = 0; i < bounded.Length; i++)
        {
            bounded[i] = arms[i] with { BoundUsd = reader.Double() };
        }

        return bounded;
    }

    private static void WriteOptional(StateWriter writer, string? text)
    {
        writer.Bool(text is not null);
        if (text is not null)
        {
            writer.Text(text);
        }
    }

    private static string? ReadOptional(ref StateReader reader) => reader.Bool() ? reader.Text() : null;
}
