using static System.FormattableString;

namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Short Python and JavaScript programs; the answer comes from running the same steps here.</summary>
internal sealed class CodeOutputGenerator : ITaskGenerator
{
    private static readonly string[] Python =
    [
        "What does this Python program print?\n```python\n{0}\n```", "Give the output of the following Python code.\n```python\n{0}\n```",
        "I run this Python snippet. What appears on the screen?\n```python\n{0}\n```",
    ];

    private static readonly string[] JavaScript =
    [
        "What does this JavaScript print?\n```js\n{0}\n```", "Predict the console output of this JavaScript code.\n```js\n{0}\n```",
    ];

    public SimTaskType Type => SimTaskType.CodeOutput;

    public TaskDraft Generate(SeededRandom random, int level)
    {
        int a = random.Between(3, 19), b = random.Between(2, 9), n = random.Between(4, 9) + level;
        return level switch
        {
            1 => random.Chance(0.5)
                ? Number(random, Python, Invariant($"x = {a}\ny = {b}\nprint(x * y + {n})"), (a * b) + n)
                : Number(random, JavaScript, Invariant($"const x = {a + n};\nlet y = x - {b};\nconsole.log(y * 2);"), (a + n - b) * 2),
            2 => random.Chance(0.5)
                ? Number(random, Python, Invariant($"total = {a}\nfor i in range({n}):\n    total += i * {b}\nprint(total)"), a + (b * n * (n - 1) / 2))
                : Number(random, JavaScript, Invariant($"let total = {a};\nfor (let i = 1; i <= {n}; i++) total += i + {b};\nconsole.log(total);"), a + (n * (n + 1) / 2) + (n * b)),
            3 => random.Chance(0.5) ? Comprehension(random, a, b, n) : Slicing(random),
            4 => random.Chance(0.5) ? NestedLoops(random, n, b) : Dictionary(random),
            _ => random.Chance(0.5) ? Recursion(random, n + a, b) : Collatz(random, (a * 3) + n + b),
        };
    }

    private static TaskDraft Number(SeededRandom random, string[] questions, string code, long answer) =>
        TaskDraft.Number(random.Phrase(questions, code), answer, random);

    private static TaskDraft Comprehension(SeededRandom random, int a, int b, int n)
    {
        var values = Enumerable.Range(a, n).Where(x => x % 3 != 0).Select(x => x * b).ToArray();
        var code = Invariant($"values = [x * {b} for x in range({a}, {a + n}) if x % 3 != 0]\nprint(values)");
        return TaskDraft.List(
            random.Phrase(Python, code), values, values[1..], values[..^1], Enumerable.Range(a, n).Select(x => x * b), values.Append((a + n) * b));
    }

    private static TaskDraft Slicing(SeededRandom random)
    {
        var word = string.Concat(random.Pick(WordPools.Words, 2));
        int start = random.Between(0, 3), end = random.Between(7, word.Length);
        var code = Invariant($"s = \"{word}\"\nprint(s[{start}:{end}][::-1])");
        string Reversed(int from, int to) => string.Concat(word[from..to].Reverse());
        return TaskDraft.Text(random.Phrase(Python, code), Reversed(start, end), [Reversed(start, end - 1), word[start..end], Reversed(start + 1, end)]);
    }

    private static TaskDraft NestedLoops(SeededRandom random, int n, int b)
    {
        var count = 0;
        for (var i = 0; i < n; i++)
        {
            for (var j = i; j < n + b; j++)
            {
                count += (i + j) % 3 == 0 ? j : 1;
            }
        }

        return Number(random, Python, Invariant($"count = 0\nfor i in range({n}):\n    for j in range(i, {n + b}):\n        count += j if (i + j) % 3 == 0 else 1\nprint(count)"), count);
    }

    private static TaskDraft Dictionary(SeededRandom random)
    {
        var words = random.Pick(WordPools.Words, 6);
        var add = random.Between(2, 40);
        var sum = words.GroupBy(word => word.Length).Sum(group => group.Key * group.Count() * group.Count());
        var list = string.Join(", ", words.Select(word => $"\"{word}\""));
        return Number(
            random, JavaScript,
            Invariant($"const counts = {{}};\nfor (const w of [{list}]) counts[w.length] = (counts[w.length] || 0) + 1;\nlet sum = {add};\nfor (const k in counts) sum += Number(k) * counts[k] * counts[k];\nconsole.log(sum);"),
            add + sum);
    }

    private static TaskDraft Recursion(SeededRandom random, int n, int b)
    {
        long F(int k) => k < 2 ? b : F(k - 2) + k;
        return Number(random, Python, Invariant($"def f(k):\n    if k < 2:\n        return {b}\n    return f(k - 2) + k\nprint(f({n}) * f({n - 1}))"), F(n) * F(n - 1));
    }

    private static TaskDraft Collatz(SeededRandom random, int start)
    {
        int value = start, steps = 0, peak = start;
        var extra = random.Between(0, 99);
        while (value != 1)
        {
            value = value % 2 == 0 ? value / 2 : (3 * value) + 1;
            peak = Math.Max(peak, value);
            steps++;
        }

        return Number(
            random, Python,
            Invariant($"n, steps, peak = {start}, {extra}, {start}\nwhile n != 1:\n    n = n // 2 if n % 2 == 0 else 3 * n + 1\n    peak = max(peak, n)\n    steps += 1\nprint(peak + steps)"),
            peak + steps + extra);
    }
}
