#include <cstdio>

int main() {
  std::puts("shopsim 0.1.0");
  return 0;
}
