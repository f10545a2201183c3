using System.Buffers;
using System.Security.Cryptography;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    private const string Magic = "MetaLlm tenant state";
    private const int LayoutVersion = 7;

    // A tenant with several owners: what is known of the others stands behind everything else, and with it all that is left out where a tenant has none of it.
    private const int ShardedLayoutVersion = 8;

    // Layout 6 ends before bounds of calls, wasted money and limits of output. A state that has none of them is still written in it, so that its hash stays.
    private const int PlainLayoutVersion = 6;

    /// <summary>Writes the whole state. Equal states give equal bytes; a SHA-256 of the rest comes last.</summary>
    /// <param name="output">Where the bytes go.</param>
    public void Save(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Write(output, withEarlier: true);
    }

    private void Write(IBufferWriter<byte> output, bool withEarlier)
    {
        var body = new ArrayBufferWriter<byte>();
        var writer = new StateWriter(body);
        writer.Section(Magic);
        var sharded = _others.Count > 0;
        var plain = !sharded && !_ledger.HoldsMore && _wasted.IsEmpty && (Configuration is null || ConfigurationCodec.IsPlain(Configuration));
        writer.Int(sharded ? ShardedLayoutVersion : plain ? PlainLayoutVersion : LayoutVersion);
        writer.Text(Tenant);
        writer.Text(_embeddingModelId);
        writer.Text(_modelReduction.Id);
        writer.Int(_modelReduction.InputDimensions);
        writer.Int(_modelReduction.OutputDimensions);
        writer.Long(AppliedSequence);
        writer.Long(DecisionOrdinal);
        writer.Long(_rewardsApplied);
        writer.Long(_rewardsIgnored);
        writer.Long(_rewardsDefaulted);
        writer.Long(MissingThrough);
        _features.Write(writer);
        _pacer.Write(writer);
        _ledger.Write(writer, held: !plain);
        if (!plain)
        {
            _wasted.Write(writer);
        }

        _purse.Write(writer);
        _windows.Write(writer);
        _floor.Write(writer);
        writer.Long(_now.UtcTicks);
        writer.Bool(Configuration is not null);
        if (Configuration is not null)
        {
            ConfigurationCodec.Write(writer, Configuration, plain);
            writer.Text(_descriptor!.Name);
            writer.Int(_descriptor.StateVersion);
            writer.Text(_warmStart);
            writer.Int(_warmStartRows);
            _quizzes.Write(writer);
            _policy!.Write(writer);
            _imputation?.Write(writer);
            WriteAdditions(writer, Configuration, withEarlier);
            if (sharded)
            {
                WriteOthers(writer);
            }
        }

        output.Write(body.WrittenSpan);
        output.Write(SHA256.HashData(body.WrittenSpan));
    }

    /// <summary>Reads a state that <see cref="Save"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="tenant">The tenant that it must belong to.</param>
    /// <param name="embeddingModelId">The embedding model that it must have been learned with.</param>
    /// <param name="reduction">That model's reduction.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or belong to something else; the message says what was found and what was expected.</exception>
    public static TenantState Load(ReadOnlySpan<byte> bytes, string tenant, string embeddingModelId, LinearReduction reduction)
    {
        var state = Create(tenant, embeddingModelId, reduction);
        var length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < 0)
        {
            throw new InvalidDataException($"Learned state is cut off: {bytes.Length} bytes are too few.");
        }

        if (!SHA256.HashData(bytes[..length]).AsSpan().SequenceEqual(bytes[length..]))
        {
            throw new InvalidDataException($"Learned state is damaged: the checksum of its {bytes.Length} bytes does not match.");
        }

        var reader = new StateReader(bytes[..length]);
        state.Read(ref reader);
        if (!reader.AtEnd)
        {
            throw new InvalidDataException("Learned state does not fit: bytes are left over at its end.");
        }

        return state;
    }

    private void Read(ref StateReader reader)
    {
        reader.Expect(Magic);
        var layout = reader.Int();
        var plain = layout == PlainLayoutVersion;
        var sharded = layout == ShardedLayoutVersion;
        if (!plain && !sharded)
        {
            Match("layout version", LayoutVersion, layout);
        }

        Match("tenant", Tenant, reader.Text());
        Match("embedding model", _embeddingModelId, reader.Text());
        Match("reduction", _modelReduction.Id, reader.Text());
        Match("embedding length", _modelReduction.InputDimensions, reader.Int());
        Match("reduced length", _modelReduction.OutputDimensions, reader.Int());
        AppliedSequence = reader.Long();
        DecisionOrdinal = reader.Long();
        _rewardsApplied = reader.Long();
        _rewardsIgnored = reader.Long();
        _rewardsDefaulted = reader.Long();
        MissingThrough = reader.Long();
        _features.Read(ref reader);
        _pacer.Read(ref reader);
        _ledger.Read(ref reader, held: !plain);
        if (!plain)
        {
            _wasted.Read(ref reader);
        }

        _purse.Read(ref reader);
        _windows.Read(ref reader);
        _floor.Read(ref reader);
        _now = ReadTime(ref reader);
        if (!reader.Bool())
        {
            return;
        }

        var configuration = ConfigurationCodec.Read(ref reader, plain);
        var errors = TenantConfigurationValidator.Validate(configuration);
        if (errors.Count > 0)
        {
            throw new InvalidDataException($"Learned state holds a configuration that is not valid here: {errors[0].Field} {errors[0].Message}");
        }

        Configuration = configuration;
        RestartPolicy(configuration);
        Match("policy", _descriptor!.Name, reader.Text());
        Match($"state version of policy '{_descriptor.Name}'", _descriptor.StateVersion, reader.Int());
        _warmStart = reader.Text();
        _warmStartRows = reader.Int();
        _quizzes.Read(ref reader);
        _policy!.Read(ref reader);
        SetImputation(configuration);
        _imputation?.Read(ref reader);
        ReadAdditions(ref reader);
        if (sharded)
        {
            ReadOthers(ref reader);
            Configuration = Configuration with { Shards = _others.Count + 1, Version = Configuration.Version is > 0 and var version ? version : null };
        }
    }

    private static DateTimeOffset ReadTime(ref StateReader reader)
    {
        var ticks = reader.Long();
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new InvalidDataException($"Learned state is damaged: {ticks} ticks are no time.");
    }

    private static void Match<T>(string what, T expected, T found)
        where T : IEquatable<T>
    {
        if (!expected.Equals(found))
        {
            throw new InvalidDataException($"Learned state does not fit: {what} is '{found}', '{expected}' expected.");
        }
    }
}
